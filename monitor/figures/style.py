"""How every figure looks and is saved: light, calm, told apart without colour."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from monitor.errors import RecordingError
from monitor.views.words import FOOTER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEXT: Final = "#23282e"
DIM: Final = "#5c646d"
GRID: Final = "#e3e0da"
BAND: Final = "#1f6a96"
SKIN: Final = "#1f6a96"
HEART: Final = "#34455c"
ABOVE: Final = "#a86400"
BELOW: Final = "#7b4a8c"

_DPI = 150
_FOOTER_IN = 0.45


def new_figure(width_in: float, height_in: float) -> Figure:
    """Make an empty figure.

    Parameters
    ----------
    width_in, height_in : float
        Size in inches.

    Returns
    -------
    Figure
        With constrained layout and room for the footer.
    """
    footer = _FOOTER_IN / height_in
    layout = ConstrainedLayoutEngine(rect=(0.0, footer, 1.0, 1.0 - footer))
    return Figure(figsize=(width_in, height_in), layout=layout, facecolor="white")


def soften(axes: "Axes", title: str, unit: str) -> None:
    """Give a panel its title, unit and quiet lines.

    Parameters
    ----------
    axes : Axes
        The panel.
    title : str
        What is drawn.
    unit : str
        Unit of the vertical axis.
    """
    axes.set_title(title, loc="left", fontsize=10, color=TEXT)
    axes.set_ylabel(unit, fontsize=9, color=DIM)
    axes.grid(visible=True, axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=DIM, labelsize=8, length=3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GRID)


def save(figure: Figure, path: Path) -> list[Path]:
    """Write a figure as PNG and SVG with the standing footer.

    Parameters
    ----------
    figure : Figure
        The figure.
    path : Path
        File name without suffix; its folder is made when missing.

    Returns
    -------
    list of Path
        The PNG and the SVG file.

    Raises
    ------
    RecordingError
        If they cannot be written.
    """
    figure.text(0.012, 0.012, _wrapped(FOOTER, figure), fontsize=7, color=DIM, va="bottom")
    written = [path.with_name(f"{path.name}.{kind}") for kind in ("png", "svg")]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A fixed salt and no date: the same figure is the same bytes.
        with mpl.rc_context({"svg.hashsalt": "attune", "svg.fonttype": "path"}):
            for file in written:
                part = file.with_name(f"{file.name}.part")
                metadata = {"Date": None} if file.suffix == ".svg" else {"Software": "attune"}
                figure.savefig(part, format=file.suffix[1:], dpi=_DPI, metadata=metadata)
                # As private as everything else about a person.
                part.chmod(0o600)
                part.replace(file)
    except OSError as error:
        raise RecordingError(
            f"The figure cannot be written to '{path.parent}' ({error.strerror or error}). "
            "Choose another folder with --out."
        ) from error
    return written


def shown_in(figure: Figure, lines: Sequence[str]) -> None:
    """Write the heading of a figure: the first line large, the others small.

    Parameters
    ----------
    figure : Figure
        The figure.
    lines : sequence of str
        Heading, and what must be known to read the figure.
    """
    figure.suptitle("\n".join(lines), x=0.012, ha="left", fontsize=11, color=TEXT)


def _wrapped(text: str, figure: Figure) -> str:
    """Break a text so that it fits the width, at about 19 characters of the footer to the inch."""
    import textwrap

    return textwrap.fill(text, int(figure.get_figwidth() * 19))
