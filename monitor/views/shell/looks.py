"""How a window looks and where it stands: colours, size of the text, screen; kept from session to session."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from monitor.errors import MonitorError
from monitor.views.actions import Action
from monitor.views.lines import tr
from monitor.views.shell.preferences import TEXT_SCALES, Preferences, keep_preference
from monitor.views.theme import DIM, THEMES, Theme

STEP = 0.1
_BASE = "attune_points"


def set_text_scale(scale: float) -> None:
    """Set the size of all text of the application.

    Parameters
    ----------
    scale : float
        Relative to the size the application started with, 0.8 to 2.0.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    font = QFont(application.font())
    base = application.property(_BASE)
    if base is None:
        base = font.pointSizeF()
        application.setProperty(_BASE, base)
    font.setPointSizeF(float(base) * scale)
    application.setFont(font)


class Looks:
    """Colours, text size and place of one window.

    Parameters
    ----------
    window : QWidget
        The window.
    theme : Theme
        Colours it starts with.
    preferences : Preferences
        What the user likes.
    path : Path, optional
        Where changes are kept; without it they are not.
    repaint : callable
        Takes the colours at every change, also of the text size.
    tell : callable
        Takes what the user should read.

    Attributes
    ----------
    dim, on_top : bool
        Whether the window is dimmed, and stays above others.
    text_scale : float
        Size of the text.
    """

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        preferences: Preferences,
        path: Path | None,
        *,
        repaint: Callable[[Theme], object],
        tell: Callable[[str], object],
    ) -> None:
        self._window, self._path, self._repaint, self._tell = window, path, repaint, tell
        self._theme = theme
        self.dim, self.on_top = preferences.dim, preferences.on_top
        self.text_scale = preferences.text_scale
        if self.on_top:
            window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, True)

    @property
    def theme(self) -> Theme:
        """Colours as they are now."""
        return DIM if self.dim else self._theme

    @property
    def words(self) -> list[str]:
        """What of it should be said, so that nobody wonders how to undo it."""
        return [tr("dimmed (D)")] if self.dim else []

    def actions(self) -> list[Action]:
        """Return what can be done by key.

        Returns
        -------
        list of Action
            Of the group ``window``.
        """
        keys: list[tuple[str, str, Callable[[], object]]] = [
            ("D", "dim the window, or make it bright again", self.toggle_dim),
            ("Ctrl+L", "light or dark", self.toggle_theme),
            ("Ctrl++", "larger text", lambda: self.scale_by(STEP)),
            ("Ctrl+=", "larger text", lambda: self.scale_by(STEP)),
            ("Ctrl+-", "smaller text", lambda: self.scale_by(-STEP)),
            ("Ctrl+0", "text of the usual size", lambda: self.scale_to(1.0)),
            ("Ctrl+T", "keep above other windows, or no longer", self.toggle_on_top),
            ("F11", "full screen, or a window again", self.toggle_full_screen),
            ("F10", "to the next screen", self.to_next_screen),
        ]
        return [Action(key, words, do, "window") for key, words, do in keys]

    def keep(self, name: str, value: bool | float | str) -> None:
        """Keep a choice for the next time.

        Parameters
        ----------
        name : str
            Field of `Preferences`.
        value : bool, float or str
            What was chosen.
        """
        if self._path is None:
            return
        try:
            keep_preference(self._path, name, value)
        except MonitorError as error:
            self._tell(str(error))

    def toggle_dim(self) -> None:
        """Put the veil over the window, or take it away."""
        self.dim = not self.dim
        self._repaint(self.theme)
        self.keep("dim", self.dim)

    def toggle_theme(self) -> None:
        """Change between light and dark; this takes the veil away, under which both look alike."""
        name = "light" if self._theme == THEMES["dark"] else "dark"
        if self.dim:
            self.dim = False
            self.keep("dim", False)
        self._theme = THEMES[name]
        self._repaint(self.theme)
        self.keep("theme", name)

    def scale_by(self, step: float) -> None:
        """Change the size of the text.

        Parameters
        ----------
        step : float
            Added to the scale, within its limits.
        """
        self.scale_to(self.text_scale + step)

    def scale_to(self, scale: float) -> None:
        """Set the size of the text.

        Parameters
        ----------
        scale : float
            Relative to the usual size; cut to its limits.
        """
        scale = round(min(max(scale, TEXT_SCALES[0]), TEXT_SCALES[1]), 2)
        if scale != self.text_scale:
            self.text_scale = scale
            set_text_scale(scale)
            # Sizes in the style sheet and in the plots follow the application only when they are set again.
            self._repaint(self.theme)
            self.keep("text_scale", scale)
        self._tell(tr("text size {percent} %").format(percent=round(100 * scale)))

    def toggle_on_top(self) -> None:
        """Keep the window above others, or no longer."""
        self.on_top = not self.on_top
        shown = self._window.isVisible()
        # Qt hides a window whose flags change.
        self._window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, self.on_top)
        if shown:
            self._window.show()
        self._tell(tr("stays above other windows (Ctrl+T)") if self.on_top else tr("no longer above others"))
        self.keep("on_top", self.on_top)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or give it back."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def leave_full_screen(self) -> bool:
        """Give the screen back.

        Returns
        -------
        bool
            Whether the window filled it.
        """
        full = self._window.isFullScreen()
        if full:
            self.toggle_full_screen()
        return full

    def to_next_screen(self) -> None:
        """Move to the next screen, in the same state."""
        screens = QGuiApplication.screens()
        if len(screens) < 2:
            self._tell(tr("there is one screen only"))
            return
        here = self._window.screen()
        target = screens[(screens.index(here) + 1) % len(screens)] if here in screens else screens[0]
        state = self._window.windowState()
        # A window that fills a screen cannot be moved off it.
        self._window.setWindowState(Qt.WindowState.WindowNoState)
        area = target.availableGeometry()
        self._window.setScreen(target)
        size = self._window.size().boundedTo(area.size())
        self._window.resize(size)
        self._window.move(area.center() - self._window.rect().center())
        self._window.setWindowState(state)
