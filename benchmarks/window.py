"""The window: frames a second and share of a core at 1920x1080, two people with ECG at 130 Hz."""

import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.table import Figure
from monitor.board.board import Board
from monitor.board.server import BoardServer
from monitor.core.events import Chunk, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import (
    NAN,
    BeatClass,
    BeatRow,
    MarkerRow,
    Reason,
    Result,
    ScrRow,
    Status,
    SynchronyReading,
    ZoneReading,
)

PEOPLE = (("C07", "client"), ("T02", "therapist"))
RATES = ((Modality.ECG, 130.0), (Modality.EDA, 51.2))
MARKERS = (
    "hr_bpm",
    "ln_rmssd",
    "rmssd_ms",
    "sdnn_ms",
    "breathing_per_min",
    "scl_us",
    "scr_per_min",
    "scr_sum_us",
    "z_eda",
    "z_heart",
    "z_vagal",
    "arousal",
)
PAST_S = 3000
SETTLE_S, SECONDS = 4.0, 15.0
CHUNK_S = 0.1
_FACES = ("research", "glance", "window")

_WINDOW = """
import json, os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from monitor.board.client import BoardClient
from monitor.views.shell.preferences import FACES
from monitor.views.theme import LIGHT
from monitor.views.shell.window import MonitorWindow
settle_s, seconds = float(sys.argv[2]), float(sys.argv[3])
application = QApplication([]); application.setStyle("Fusion")
window = MonitorWindow(BoardClient(sys.argv[1]), LIGHT)
frames = [0]
draw = window.refresh
def counted():
    frames[0] += 1
    draw()
window._timer.timeout.disconnect(); window._timer.timeout.connect(counted)
window.resize(1920, 1080); window.show()
marks, at = [], []
def begin():
    at[:] = [time.perf_counter(), time.process_time(), frames[0]]
def end():
    wall, cpu, n = time.perf_counter() - at[0], time.process_time() - at[1], frames[0] - at[2]
    marks.append([cpu / wall, n / wall, int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
                  if os.path.exists("/proc/self/statm") else float("nan")])
    step()
def step():
    if len(marks) == len(FACES):
        print(json.dumps(marks)); window.close(); window.close(); return
    window.show_face(window.faces[len(marks)])
    QTimer.singleShot(int(1000 * settle_s), begin)
    QTimer.singleShot(int(1000 * (settle_s + seconds)), end)
step()
application.exec()
"""


def _results(second: int) -> Iterator[Result]:
    for k, (code, _) in enumerate(PEOPLE):
        wave = math.sin(second / 17.0 + k)
        yield BeatRow(code, "ecg", second - 0.4, 1000.0 + 30.0 * wave, True, BeatClass.NORMAL)
        for marker in MARKERS:
            yield MarkerRow(
                code, marker, second - 15.0, second, 70.0 + wave, 0.4, "", Status.OK, Reason.NONE, 30.0, 1.0
            )
        if second % 12 == 0:
            yield ScrRow(code, second - 4.0, second - 2.0, 0.3, 2.0, 4.0)
        yield ZoneReading(
            participant=code,
            t_centre_s=second - 15.0,
            t_emit_s=float(second),
            zone="within",
            since_s=float(second - second % 200),
            near="",
            arousal=wave,
            p_above=0.02,
            p_below=0.02,
            upper_mean=2.5,
            upper_sd=0.4,
            lower_mean=-2.4,
            lower_sd=0.5,
            provisional=False,
            status=Status.OK,
            reason=Reason.NONE,
            note="",
            drift=0.1,
        )
    if second % 30 == 0 and second > 300:
        for signal in ("eda", "ibi"):
            yield SynchronyReading(
                first="C07",
                second="T02",
                signal=signal,
                t_s=float(second),
                t_emit_s=float(second),
                valid_min=second / 60.0,
                needed_min=10.0,
                z_session=1.2,
                chance_lo=-1.6,
                chance_hi=1.7,
                p=0.1,
                z_recent=0.5,
                recent_lo=-1.6,
                recent_hi=1.7,
                z_in_phase=1.0,
                z_anti_phase=0.2,
                z_lead=0.3,
                lag_s=NAN,
                status=Status.OK,
                reason=Reason.NONE,
            )


def _opened() -> Board:
    board = Board()
    board.set_origin(0.0)
    board.note_people(PEOPLE)
    roles = [(code, modality, rate_hz) for code, _ in PEOPLE for modality, rate_hz in RATES]
    for number, (code, modality, rate_hz) in enumerate(roles, 1):
        info = StreamInfo(
            stream_id=number,
            name=f"{code} {modality}",
            type=modality,
            channel_count=1,
            nominal_rate_hz=rate_hz,
            channel_format="float32",
        )
        role = Binding(channel=0, key=StreamKey(code, modality), unit="", scale=1.0, reason="")
        board.note_event(StreamOpened(info, (role,)))
    for second in range(1, PAST_S):
        board.note_results(_results(second))
    board.note_recording({"state": "recording", "seconds": PAST_S, "disk_hours": 40.0})
    return board


def _feed(board: Board, done: threading.Event) -> None:
    begun_s, fed_s, second = time.perf_counter(), float(PAST_S), PAST_S
    while not done.wait(CHUNK_S):
        now_s = PAST_S + time.perf_counter() - begun_s
        for number in range(1, 2 * len(PEOPLE) + 1):
            rate_hz = RATES[(number - 1) % 2][1]
            stamps = np.arange(math.ceil(fed_s * rate_hz), math.ceil(now_s * rate_hz)) / rate_hz
            if rate_hz > 100:
                values = 900.0 * np.exp(-(((stamps % 1.0 - 0.6) / 0.02) ** 2)) + 60.0 * np.sin(stamps * 9.0)
            else:
                values = 4.0 + 0.4 * np.sin(stamps / 3.0)
            if stamps.size:
                board.note_event(Chunk(number, stamps, values[:, None]))
        fed_s = now_s
        while second + 1 <= now_s:
            second += 1
            board.note_results(_results(second))
        board.note_event(Tick(now_s, 1.8e9 + now_s))


def run() -> list[Figure]:
    """Measure each view of one window."""
    board, done = _opened(), threading.Event()
    server = BoardServer(board)
    server.start()
    threading.Thread(target=_feed, args=(board, done), daemon=True).start()
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-c", _WINDOW, server.address, str(SETTLE_S), str(SECONDS)],
            env={"QT_QPA_PLATFORM": "offscreen", **os.environ, **server.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=10 * len(_FACES) * (SETTLE_S + SECONDS),
        )
    finally:
        done.set()
        server.stop()
    return [
        Figure(
            f"window, {face} view, 1920x1080, two people, {PAST_S // 60} min in",
            f"{100 * share:.0f} % of a core, {frames:.0f} frames/s, {mb:.0f} MB",
            "<= 30 % of a core, 30 frames/s",
        )
        for face, (share, frames, mb) in zip(_FACES, json.loads(answer.stdout), strict=True)
    ]
