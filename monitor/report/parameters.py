"""Fixed values of the computation as the page names them.

They are repeated here because the modules that hold them bring compilers and filters along, which take seconds to
import; a test holds the two together.
"""

from types import MappingProxyType
from typing import Final

FIDUCIAL_HZ: Final = (5.0, 25.0)
MIN_BSQI: Final = 0.9
MIN_TEMPLATE_R: Final = 0.66
WINDOW_BEATS: Final = 91

EDA_LOWPASS_HZ: Final = 1.0
THRESHOLD_US: Final = 0.05
THRESHOLD_NOISES: Final = 5.0

FLOOR_S: Final = 15.0

GRID_HZ: Final = 4.0
SLOPE_S: Final = 5.0
TREND_S: Final = 60.0
LN_RMSSD_FACTOR: Final = 4.0
CHANCE: Final = (0.05, 0.95)

METHOD_TITLES: Final = MappingProxyType(
    {
        "susy": "Surrogate synchrony (SUSY)",
        "suco": "Surrogate concordance (SUCO)",
        "marci": "Concordance index (Marci)",
        "windowed": "Windowed cross-correlation, window of the first fixed",
        "rmea": "Windowed cross-correlation, earlier piece anchored (as rMEA)",
        "coherence": "Cross-wavelet coherence",
        "amico_v1": "AMICo, version 1: matched valleys and peaks",
        "amico_v2": "AMICo, version 2: matched responses",
        "moments": "moments of more similarity than at other times of the session",
    }
)
"""Methods for a whole session."""
