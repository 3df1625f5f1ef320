"""Where the kernels of electrodermal activity keep what they carry from sample to sample.

Everything slow is done on *points*: instants at multiples of 0.25 s of session time. A ring holds the last
`RING` of them, one row each; point `k` (time ``k * STEP_S``) lives in row ``k % RING``.
"""

from typing import Final

STEP_S: Final = 0.25
RING: Final = 512
NEVER: Final = 1e300

# Columns of the ring of points.
INDEX: Final = 0
TONIC_INPUT: Final = 1
RAW: Final = 2
CODE: Final = 3
KNOWN_S: Final = 4
REVOKED_S: Final = 5
REVOKED_CODE: Final = 6
SCL: Final = 7
DRIVER: Final = 8
SAMPLE: Final = 9
POINT_WIDTH: Final = 10

# What is known of a point. Codes below FIRST_BAD are usable.
GOOD: Final = 0
STEEP: Final = 1
FIRST_BAD: Final = 2
LEAD_OFF: Final = 2
SATURATED: Final = 3
FLATLINE: Final = 4
MOTION: Final = 5
GAP: Final = 6
WARMUP: Final = 7
N_CODES: Final = 8

# Columns of the ring of responses; response `i` lives in row ``i % SCR_RING``.
SCR_RING: Final = 256
ONSET_S: Final = 0
PEAK_S: Final = 1
AMPLITUDE: Final = 2
RISE_S: Final = 3
SCR_KNOWN_S: Final = 4
SCR_REVOKED_S: Final = 5
SCR_WIDTH: Final = 6

# Design constants of one stage.
HOLE_S: Final = 0
DELAY_S: Final = 1
B0: Final = 2
B1: Final = 3
B2: Final = 4
A1: Final = 5
A2: Final = 6
SETTLED_0: Final = 7
SETTLED_1: Final = 8
FILTERED: Final = 9
LATENCY_S: Final = 10
NOISE_GAIN: Final = 11
N_PARAMS: Final = 12

# State.
FIRST_S: Final = 0
N_RAW: Final = 1
RAW_S: Final = 2
RAW_LAST: Final = 3
RAW_BEFORE: Final = 4
FLAT_SINCE_S: Final = 5
N_CLEAN: Final = 6
CLEAN_S: Final = 7
CLEAN: Final = 8
LEVEL: Final = 9
FILTER_0: Final = 10
FILTER_1: Final = 11
NEXT_POINT: Final = 12
BIN_SUM: Final = 13
BIN_N: Final = 14
BIN_MIN: Final = 15
BIN_MAX: Final = 16
FIRST_POINT: Final = 17
RESTART_POINT: Final = 18
PAD_UNTIL_S: Final = 19
PAD_CODE: Final = 20
SCL_NOW: Final = 21
NOISE: Final = 22
SPIKE_SCALE: Final = 23
RISING: Final = 24
TROUGH_S: Final = 25
TROUGH: Final = 26
TOP_S: Final = 27
TOP: Final = 28
SEARCH_FROM: Final = 29
LAST_PEAK_S: Final = 30
PENDING: Final = 31
PENDING_PEAK: Final = 32
N_SCR: Final = 33
CHANGE_S: Final = 34
N_STATE: Final = 35

# Rows and columns of the events handed out by one call.
EVENT_ROWS: Final = 256
EVENT_WIDTH: Final = 6
KIND: Final = 0
SCR_EVENT: Final = 1
REVOKE_EVENT: Final = 2
EVENTS_PER_SAMPLE: Final = 40
