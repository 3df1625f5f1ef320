"""Colours of the window: neutral hues that differ in lightness too, so that no meaning rests on hue alone."""

from typing import NamedTuple


class Theme(NamedTuple):
    """Colours as ``#rrggbb``.

    Parameters
    ----------
    background, panel : str
        Of the window and of what lies on it.
    text, dim, line : str
        Text, secondary text, thin lines.
    heart, skin : str
        Traces.
    mark, corrected : str
        Marks of accepted and of corrected events; they differ in shape too.
    banner, banner_text : str
        Lines that must be read.
    beyond : str
        What lies beyond an edge of the band; the same on both sides.
    trail : str
        Where a person is and was in the band.
    """

    background: str
    panel: str
    text: str
    dim: str
    line: str
    heart: str
    skin: str
    mark: str
    corrected: str
    banner: str
    banner_text: str
    beyond: str
    trail: str


LIGHT = Theme(
    background="#eceae6",
    panel="#f8f7f4",
    text="#23282e",
    dim="#5c646d",
    line="#c9c6c0",
    heart="#34455c",
    skin="#1f6a96",
    mark="#a86400",
    corrected="#7b4a8c",
    banner="#34455c",
    banner_text="#ffffff",
    beyond="#b3a78f",
    trail="#2b3f5a",
)
DARK = Theme(
    background="#16191d",
    panel="#1e2227",
    text="#dcdfe2",
    dim="#9aa3ac",
    line="#3a4048",
    heart="#b8c7d9",
    skin="#6db6e0",
    mark="#e6a63c",
    corrected="#c79ad6",
    banner="#d8c9a6",
    banner_text="#16191d",
    beyond="#6f6857",
    trail="#c9d6e6",
)
THEMES: dict[str, Theme] = {"light": LIGHT, "dark": DARK}


def style_sheet(theme: Theme) -> str:
    """Return the style of all widgets.

    Parameters
    ----------
    theme : Theme
        Colours.

    Returns
    -------
    str
        Style sheet for the application.
    """
    banner = f"background: {theme.banner}; color: {theme.banner_text}; padding: 6px; font-weight: 600;"
    box = f"background: {theme.panel}; border: 1px solid {theme.line};"
    heading = f"background: {theme.background}; color: {theme.dim}; border: 0; padding: 2px 6px;"
    return f"""
    QWidget {{ background: {theme.background}; color: {theme.text}; }}
    QLabel {{ background: transparent; }}
    QFrame#column {{ {box} border-radius: 4px; }}
    QLabel#dim {{ color: {theme.dim}; }}
    QLabel#title {{ font-weight: 600; }}
    QLabel#state {{ font-size: 15pt; font-weight: 600; }}
    QLabel#sentence {{ font-size: 10pt; }}
    QLabel#message {{ background: {theme.panel}; font-size: 13pt; }}
    QLabel#clock {{ font-weight: 600; }}
    QLabel#number {{ font-weight: 600; }}
    QLabel#banner {{ {banner} }}
    QTableWidget {{ {box} gridline-color: {theme.line}; }}
    QHeaderView::section {{ {heading} }}
    """
