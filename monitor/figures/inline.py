"""A figure as an element of a page: no prolog, no metadata, no address of anything, names of its own."""

import io
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEAD = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_OPENING = re.compile(r"\A<svg\b[^>]*>")
_VIEW = re.compile(r'viewBox="([-0-9. ]+)"')
_NAME = re.compile(r'\b(id="|href="#|url\(#)')
_ANONYMOUS = re.compile(
    r' id="(?:figure|axes|patch|line2d|text|matplotlib\.axis|[xy]tick|PathCollection|FillBetween\w*|'
    r'LineCollection|legend|PolyCollection)_\d+"'
)


def inline_svg(figure: Figure, name: str, label: str) -> str:
    """Write a figure as an ``svg`` element.

    Parameters
    ----------
    figure : Figure
        The figure; closed for good afterwards.
    name : str
        Put before every name inside it: two figures of one page must not share any.
    label : str
        What it shows, for who cannot see it.

    Returns
    -------
    str
        The element; the same figure gives the same text.
    """
    out = io.StringIO()
    unnamed = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    # Text stays text: it can be searched, it is small, and the page chooses the font.
    with mpl.rc_context({"svg.hashsalt": "attune", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata=unnamed)
    text = _METADATA.sub("", _HEAD.sub("", out.getvalue(), count=1), count=1)
    text = _NAME.sub(rf"\g<1>{name}-", _ANONYMOUS.sub("", text)).replace(" xlink:href=", " href=")
    found = _VIEW.search(text)
    view = found[1] if found else "0 0 100 100"
    opening = f'<svg role="img" aria-label={quoteattr(label)} viewBox="{view}">'
    return _OPENING.sub(lambda _: opening, text, count=1).strip()


def panels(
    n: int, heights_in: tuple[float, ...], *, left_in: float = 0.75, top_in: float = 0.3
) -> tuple[Figure, list["Axes"]]:
    """Make a figure as wide as a page, with panels one below the other on one time axis.

    Parameters
    ----------
    n : int
        Number of panels.
    heights_in : tuple of float
        Height of each in inches.
    left_in : float, default 0.75
        Room for the labels on the left.
    top_in : float, default 0.3
        Room above each panel.

    Returns
    -------
    Figure
        The figure.
    list of Axes
        The panels, from above.
    """
    width, bottom = 7.1, 0.45
    height = sum(heights_in) + n * top_in + bottom
    figure = Figure(figsize=(width, height), facecolor="none")
    axes: list[Axes] = []
    top = height
    for size in heights_in:
        top -= top_in + size
        box = (left_in / width, top / height, (width - left_in - 0.25) / width, size / height)
        axes.append(figure.add_axes(box, sharex=axes[0] if axes else None, facecolor="none"))
    for panel in axes[:-1]:
        panel.tick_params(labelbottom=False)
    return figure, axes
