"""What a calibration used: the four series over the recording, the spans taken, level and scale."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import Reference
from monitor.figures.style import BAND, DIM, HEART, SKIN, TEXT, new_figure, save, shown_in, soften
from monitor.physical import PHYSICAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = {"ln_scl": SKIN, "scr_rate": SKIN, "heart_speed": HEART, "ln_rmssd": HEART}


def draw_baseline(
    path: Path,
    participant: str,
    arrays: Mapping[str, NDArray[np.float64]],
    spans: Sequence[tuple[float, float, float]],
    reference: Reference | None,
) -> list[Path]:
    """Draw what a calibration used, as PNG and SVG.

    Parameters
    ----------
    path : Path
        File name without suffix; its folder is made when missing.
    participant : str
        Code of the person.
    arrays : Mapping of str to ndarray of float64, shape (n,)
        Series of `calibration.baseline.INPUTS` at one value a second, NaN where missing, and ``t_s``, their
        grid seconds; without ``t_s`` they start at second 1. As from `monitor.core.series_log.SeriesLog.arrays`.
    spans : sequence of (float, float, float)
        Start and stop in session seconds and weight of each span used.
    reference : Reference or None
        What was made of them; None where it was refused.

    Returns
    -------
    list of Path
        The PNG and the SVG file.

    Raises
    ------
    RecordingError
        If they cannot be written.
    """
    figure = new_figure(9.0, 9.2)
    shown_in(figure, (f"Calibration of {participant}: what was used", _heading(spans, reference)))
    axes = figure.subplots(len(PHYSICAL), 1, sharex=True)
    for panel, name in zip(axes, PHYSICAL, strict=True):
        _draw_series(panel, name, arrays)
        _draw_spans(panel, spans)
        _draw_reference(panel, name, spans, reference)
    axes[-1].set_xlabel("session time, minutes", fontsize=9, color=DIM)
    return save(figure, path)


def _heading(spans: Sequence[tuple[float, float, float]], reference: Reference | None) -> str:
    length = sum(stop - start for start, stop, _ in spans) / 60.0
    if reference is None:
        return f"Spans of {length:.1f} min; no reference was made of them."
    skin = "" if reference.responder else " Skin conductance does not respond in this recording."
    return (
        f"Shaded: the {length:.1f} min taken, {reference.valid_s / 60.0:.1f} of them valid, darker where they "
        f"weigh more.\nLine and band: reference level and one reference SD to either side.{skin}"
    )


def _draw_series(panel: "Axes", name: str, arrays: Mapping[str, NDArray[np.float64]]) -> None:
    shown = PHYSICAL[name]
    soften(panel, shown.title, shown.unit)
    values = np.asarray(arrays.get(name, ()), dtype=np.float64)
    if not np.isfinite(values).any():
        panel.text(0.5, 0.5, "not available", transform=panel.transAxes, ha="center", va="center", color=DIM)
        return
    seconds = np.asarray(arrays.get("t_s", np.arange(1.0, values.size + 1.0)), dtype=np.float64)
    panel.plot(seconds / 60.0, shown.convert(values), color=_COLOURS[name], linewidth=1.0)


def _draw_spans(panel: "Axes", spans: Sequence[tuple[float, float, float]]) -> None:
    heaviest = max((weight for _, _, weight in spans), default=0.0)
    for start_s, stop_s, weight in spans:
        if weight > 0.0:
            panel.axvspan(
                start_s / 60.0, stop_s / 60.0, color=DIM, alpha=0.16 * weight / heaviest, linewidth=0
            )


def _draw_reference(
    panel: "Axes", name: str, spans: Sequence[tuple[float, float, float]], reference: Reference | None
) -> None:
    """Draw level and scale over the spans, and say them."""
    scale = reference.scales.get(name) if reference else None
    if scale is None:
        if reference is not None:
            _note(panel, "no scale could be estimated")
        return
    shown = PHYSICAL[name]
    points = np.array([scale.mean - scale.sd, scale.mean, scale.mean + scale.sd])
    low, level, high = shown.convert(points)
    for start_s, stop_s, weight in spans:
        if weight > 0.0:
            ends = [start_s / 60.0, stop_s / 60.0]
            panel.fill_between(ends, [low] * 2, [high] * 2, color=BAND, alpha=0.18, linewidth=0)
            panel.plot(ends, [level] * 2, color=TEXT, linewidth=1.4)
    d = shown.digits
    _note(
        panel,
        f"{level:.{d}f} {shown.unit}, one SD {low:.{d}f} to {high:.{d}f}; "
        f"{scale.n_effective:.0f} independent samples",
    )


def _note(panel: "Axes", text: str) -> None:
    panel.text(1.0, 1.02, text, transform=panel.transAxes, ha="right", va="bottom", fontsize=8, color=DIM)
