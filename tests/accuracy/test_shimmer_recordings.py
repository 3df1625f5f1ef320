"""Real Shimmer3 logs and exports: packets, ECG, pulse and skin conductance as Shimmer's own software gives them."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from devices.protocols.exg import exg_millivolts, gains_of
from devices.protocols.gsr import conductance_microsiemens
from devices.protocols.shimmer import TICKS_HZ, Sensor
from devices.protocols.shimmer_facts import Battery
from devices.protocols.shimmer_packets import EXG1_CH1, EXG1_CH2, INTERNAL_A13, PacketFormat, channels_of
from devices.protocols.shimmer_reader import PacketReader

pytestmark = pytest.mark.accuracy

_HEADER, _BLOCK, _SYNC = 256, 512, 9


def read_log(path: Path):
    """Read a log from the card of a Shimmer3: its header, and its rows through the reader of the live stream.

    A row is a packet without its first byte. With synchronisation each block of up to 512 bytes begins with nine
    bytes of clock offset.
    """
    data = path.read_bytes()
    header, body = data[:_HEADER], data[_HEADER:]
    ticks, sensors = int.from_bytes(header[:2], "little"), int.from_bytes(header[3:6], "little")
    layout = PacketFormat(channels=channels_of(sensors), ticks=ticks)
    n = layout.size - 1
    if header[0x10] & 0x04:
        block = _SYNC + n * ((_BLOCK - _SYNC) // n)
        body = b"".join(body[at + _SYNC : at + block] for at in range(0, len(body), block))
    reader = PacketReader(layout)
    rows = [body[at : at + n] for at in range(0, len(body) - n + 1, n)]
    # Two more heads behind the last row, or it would wait for them.
    last = int.from_bytes(rows[-1][:3], "little")
    ends = [(last + i * ticks).to_bytes(3, "little") + bytes(n - 3) for i in (1, 2)]
    taken = reader.push(b"".join(b"\0" + row for row in rows + ends))
    return header, reader, taken, len(rows)


def read_export(path: Path, separator="\t"):
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = text.decode().splitlines()[3:]
    return np.array([[float(cell) for cell in line.strip(separator).split(separator)] for line in lines])


@pytest.mark.parametrize(
    ("name", "sensors"),
    [
        ("ecg.bin", Sensor.EXG1_24BIT),
        ("pair_raw.bin", Sensor.LOW_NOISE_ACCELERATION | Sensor.BATTERY | Sensor.INTERNAL_A13),
        ("single_sample.bin", Sensor.LOW_NOISE_ACCELERATION | Sensor.BATTERY | Sensor.INTERNAL_A13),
        ("sdlog_sync_slave.bin", Sensor.INTERNAL_A13),
    ],
)
def test_every_row_of_a_log_is_a_packet_at_a_whole_number_of_intervals(data_dir, name, sensors):
    header, reader, taken, n_rows = read_log(data_dir / "shimmer_pyshimmer" / name)
    assert int.from_bytes(header[3:6], "little") == sensors
    # The last of the two heads put behind is no packet yet.
    assert reader.n_packets == n_rows + 1
    assert (reader.n_skipped_bytes, reader.n_jumps) == (0, 0)
    period = int.from_bytes(header[:2], "little")
    assert np.all(np.diff(taken.ticks) % period == 0)


def test_the_ecg_of_a_log_is_that_of_consensys(data_dir):
    folder = data_dir / "shimmer_pyshimmer"
    header, _, taken, n = read_log(folder / "ecg.bin")
    gains = gains_of(header[0x38:0x42])
    assert gains == (4, 4)
    counts, millivolts = (read_export(folder / f"ecg_{kind}calibrated.csv.gz") for kind in ("un", ""))
    assert len(counts) == n
    for column, code, gain in ((1, EXG1_CH1, gains[0]), (2, EXG1_CH2, gains[1])):
        own = taken.values[code][:n]
        np.testing.assert_array_equal(own, counts[:, column])
        np.testing.assert_allclose(exg_millivolts(own, gain), millivolts[:, column], rtol=1e-12)
    seconds = (counts[:, 0] - counts[0, 0]) / 1000.0
    np.testing.assert_allclose((taken.ticks[:n] - taken.ticks[0]) / TICKS_HZ, seconds, atol=2e-6)


@pytest.mark.parametrize(
    ("log", "export", "atol_s"),
    # Shimmer's software moves the stamps of a synchronised log by the offsets to the master: not read here.
    [("pair_raw.bin", "pair_consensys.csv", 2e-6), ("sdlog_sync_slave.bin", "sdlog_sync_slave.csv.gz", None)],
)
def test_the_pulse_of_a_log_is_that_of_consensys(data_dir, log, export, atol_s):
    folder = data_dir / "shimmer_pyshimmer"
    _, _, taken, n = read_log(folder / log)
    truth = read_export(folder / export)
    n = min(n, len(truth))
    assert n >= 0.99 * len(truth)
    np.testing.assert_array_equal(taken.values[INTERNAL_A13][:n], truth[:n, 1])
    if atol_s is not None:
        seconds = (truth[:n, 0] - truth[0, 0]) / 1000.0
        np.testing.assert_allclose((taken.ticks[:n] - taken.ticks[0]) / TICKS_HZ, seconds, atol=atol_s)


def test_the_battery_of_a_log_is_that_of_consensys(data_dir):
    folder = data_dir / "shimmer_pyshimmer"
    counts, millivolts = (
        read_export(folder / f"triaxcal_{kind}calibrated.csv.gz", ",") for kind in ("un", "")
    )
    own = [1000.0 * Battery(adc=int(adc)).volts for adc in counts[:, 7]]
    np.testing.assert_allclose(own, millivolts[:, 7], rtol=1e-9)


def test_every_exported_skin_conductance_is_a_value_our_equation_can_give(data_dir):
    export = read_export(data_dir / "shimmer_gsr_calibrated" / "shimmer3_gsr_ppg_256hz_consensys.csv")
    assert len(export) == 23_922
    grid = conductance_microsiemens(np.arange(4096.0), 3)
    above = np.searchsorted(grid, export[:, 1]).clip(1, 4095)
    off = np.minimum(np.abs(grid[above] - export[:, 1]), np.abs(grid[above - 1] - export[:, 1]))
    # One step of the converter is 4e-4 microsiemens there.
    assert off.max() < 1e-12
    ppg_counts = export[:, 2] * 4095 / 3000.0
    assert np.abs(ppg_counts - np.rint(ppg_counts)).max() < 1e-9


def test_the_other_ranges_could_not_have_given_these_values(data_dir):
    export = read_export(data_dir / "shimmer_gsr_calibrated" / "shimmer3_gsr_ppg_256hz_consensys.csv")[
        :500, 1
    ]
    for gsr_range in (0, 1):
        grid = conductance_microsiemens(np.arange(4096.0), gsr_range)
        off = np.abs(grid[:, None] - export).min(axis=0)
        assert np.median(off) > 1e-4
