"""Boards of a guided calibration in its phases."""

import math

from monitor.board.board import Board
from monitor.board.session_views import ProcedureView, QualityView, ResultView, SeriesView
from monitor.core.events import Tick
from tests.staging_session import START_UTC_S, recording

GOOD: list[QualityView] = [
    {"text": "heart: signal good", "good": True},
    {"text": "skin: signal good", "good": True},
]
DOUBTFUL: list[QualityView] = [
    {"text": "heart: signal good", "good": True},
    {"text": "skin: movement, please rest the hand", "good": False},
    {"text": "breathing 21 per min, faster than usual", "good": False},
]


def procedure(**change: object) -> ProcedureView:
    """Return a made-up calibration: paced breathing in its fourth step."""
    whole = ProcedureView(
        participant="C07",
        protocol="First calibration",
        title="Slow breathing",
        instruction="Breathe along with the pacer: about five seconds in, five seconds out. Breathe gently, not "
        "deeply. Breathe as you like whenever it feels unpleasant.",
        index=3,
        n_steps=6,
        phase="running",
        elapsed_s=48.0,
        length_s=120.0,
        minimum_s=0.0,
        valid_s=46.0,
        enough=False,
        quality=GOOD,
        breaths_per_min=6.0,
        inhale_share=0.5,
        asks=[],
        commands=["pause", "skip", "redo", "stop", "tension", "present"],
        message="",
        result=None,
    )
    return {**whole, **change}  # type: ignore[typeddict-item]


def series(
    title: str, unit: str, mean: float, spread: float, *, known: bool = True, scaled: bool = True
) -> SeriesView:
    """Return one made-up series of a result, with a gap in it."""
    t_s = [60.0 + 4.0 * i for i in range(220)]
    value = [
        None if 90 < i < 104 else mean + spread * (math.sin(i / 9.0) + 0.6 * math.sin(i / 2.3 + mean))
        for i in range(220)
    ]
    return SeriesView(
        title=title,
        unit=unit,
        t_s=t_s,
        value=value if known else [None] * len(t_s),
        mean=mean if scaled else None,
        low=mean - spread if scaled else None,
        high=mean + spread if scaled else None,
    )


def result(problem: str = "") -> ResultView:
    """Return a made-up result."""
    lines = ["usable: 1.4 of 9.0 min" if problem else "usable: 8.2 of 9.0 min"]
    if not problem:
        lines += [
            "heart rate: 71 bpm, one SD is +5 / -5 (31 independent samples)",
            "RMSSD: 38 ms, one SD is +14 / -10 (29 independent samples)",
            "skin conductance level: 4.20 µS, one SD is +0.55 / -0.48 (24 independent samples)",
            "skin conductance responses: not enough of it, or it did not vary; left out",
            "breathing: 14 per min",
            "skin conductance responds: yes",
        ]
    return ResultView(
        lines=lines,
        problem=problem,
        series=[
            series("heart rate", "bpm", 71.0, 5.0, scaled=not problem),
            series("RMSSD", "ms", 38.0, 12.0, scaled=not problem),
            series("skin conductance level", "µS", 4.2, 0.5, scaled=not problem),
            series("skin conductance responses", "per min", 3.0, 1.0, known=not problem, scaled=False),
        ],
    )


def _board(view: ProcedureView) -> Board:
    board = Board()
    board.set_origin(0.0)
    board.note_people([("C07", "client")])
    board.note_recording(recording(seconds=700.0))
    board.note_event(Tick(700.0, START_UTC_S))
    board.note_procedure(view)
    return board


def calibrate_ready() -> Board:
    """Calibration before its first step."""
    return _board(
        procedure(
            title="Settling in",
            instruction="Sit as you will sit later and rest both hands. After a few minutes, take one deep breath "
            "and let it go, so that we can see whether the sensors respond.",
            index=0,
            phase="ready",
            elapsed_s=0.0,
            length_s=540.0,
            valid_s=0.0,
            breaths_per_min=0.0,
            commands=["begin", "skip", "stop"],
        )
    )


def calibrate_breathing() -> Board:
    """Calibration in a step of paced breathing."""
    return _board(procedure())


def calibrate_waiting() -> Board:
    """Calibration in a step that ran out of time."""
    return _board(
        procedure(
            title="Sitting quietly",
            instruction="Sit quietly with your eyes open. There is nothing to do and nothing to achieve.",
            index=1,
            phase="waiting",
            elapsed_s=600.0,
            length_s=300.0,
            minimum_s=240.0,
            valid_s=151.0,
            breaths_per_min=0.0,
            quality=DOUBTFUL,
            commands=["skip", "redo", "stop", "tension", "present"],
            message="Not enough valid signal. Check the sensors, then do this step again, skip it or stop.",
        )
    )


def calibrate_paused() -> Board:
    """Calibration that pauses."""
    return _board(
        procedure(phase="paused", commands=["resume", "skip", "redo", "stop", "tension", "present"])
    )


def calibrate_rating() -> Board:
    """Calibration that asks for ratings."""
    return _board(
        procedure(
            title="Ordinary talk",
            instruction="Talk with each other about something everyday: the way here, a recipe, the weather.",
            index=2,
            phase="rating",
            elapsed_s=300.0,
            length_s=300.0,
            minimum_s=240.0,
            valid_s=281.0,
            enough=True,
            breaths_per_min=0.0,
            asks=["tension", "present"],
            commands=["skip", "redo", "stop", "tension", "present"],
        )
    )


def calibrate_result() -> Board:
    """Calibration whose result can be accepted."""
    return _board(
        procedure(
            index=5, phase="finished", commands=["accept", "discard"], result=result(), breaths_per_min=0.0
        )
    )


def calibrate_refused() -> Board:
    """Calibration whose result cannot be accepted."""
    problem = (
        "The reference of C07 is not stored: 1.4 of 9.0 min are usable and 4 are needed; most is missing because "
        "electrode contact was lost. Moisten the electrodes and take it again."
    )
    return _board(
        procedure(
            index=5, phase="finished", commands=["discard"], result=result(problem), breaths_per_min=0.0
        )
    )
