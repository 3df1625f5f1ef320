"""Colours of the window: neutral hues that differ in lightness too, so that no meaning rests on hue alone."""

from typing import NamedTuple

from PySide6.QtWidgets import QApplication


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
DIM = Theme(
    background="#0d0f11",
    panel="#121416",
    text="#8b9197",
    dim="#7c8288",
    line="#23272b",
    heart="#5f6c7a",
    skin="#3f6f8c",
    mark="#80632f",
    corrected="#745d7c",
    banner="#5b5546",
    banner_text="#f0ede6",
    beyond="#3c3930",
    trail="#7f8b98",
)
"""The veil over either theme: little light, little contrast, every number still readable."""

THEMES: dict[str, Theme] = {"light": LIGHT, "dark": DARK}


def points(share: float) -> float:
    """Return a size of text that follows the text size chosen by the user.

    Parameters
    ----------
    share : float
        Size relative to the normal text of the application.

    Returns
    -------
    float
        Size in points.
    """
    return share * QApplication.font().pointSizeF()


def style_sheet(theme: Theme) -> str:
    """Return the style of all widgets, at the text size of the application.

    Parameters
    ----------
    theme : Theme
        Colours.

    Returns
    -------
    str
        Style sheet for a window.
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
    QLabel#state {{ font-size: {points(1.65):.1f}pt; font-weight: 600; }}
    QLabel#sentence {{ font-size: {points(1.1):.1f}pt; }}
    QLabel#message {{ background: {theme.panel}; font-size: {points(1.45):.1f}pt; }}
    QLabel#clock {{ font-size: {points(1.4):.1f}pt; font-weight: 600; }}
    QLabel#number {{ font-weight: 600; }}
    QLabel#banner {{ {banner} }}
    QTableWidget {{ {box} gridline-color: {theme.line}; }}
    QTableWidget:focus {{ border: 1px solid {theme.skin}; }}
    QHeaderView::section {{ {heading} }}
    QToolTip {{ {box} color: {theme.text}; padding: 2px; }}
    {_controls(theme)}
    """


def _controls(theme: Theme) -> str:
    """Style what can be pressed or typed into; the focus is a frame that nothing else has."""
    edge = f"border: 1px solid {theme.line}; border-radius: 4px;"
    focus = f"border: 2px solid {theme.skin};"
    return f"""
    QPushButton, QToolButton {{ background: {theme.panel}; {edge} padding: 3px 9px; }}
    QToolButton::menu-indicator {{ image: none; }}
    QPushButton:checked, QToolButton:checked {{ border-color: {theme.dim}; background: {theme.line}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {theme.line}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {theme.dim}; }}
    QPushButton:focus, QToolButton:focus {{ {focus} padding: 2px 8px; }}
    QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ background: {theme.panel}; {edge} padding: 2px 6px; }}
    QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {{ {focus} padding: 1px 5px; }}
    QComboBox QAbstractItemView {{ {edge} background: {theme.panel}; color: {theme.text}; }}
    QScrollBar {{ background: {theme.background}; border: 0; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {theme.line}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QTextBrowser {{ {edge} background: {theme.panel}; }}
    QTextBrowser:focus {{ {focus} }}
    """
