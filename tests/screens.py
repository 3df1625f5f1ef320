"""Pictures of every state of the window: ``python -m tests.screens [--only NAME] [--out FOLDER]``.

Offscreen, with real boards and real windows, always the same. Writes small pictures and the page that lists them.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.staging import STATES, StagedClient, stage

if TYPE_CHECKING:
    from PIL import Image
    from PySide6.QtWidgets import QWidget

    from monitor.views.calibrate.window import CalibrationWindow
    from monitor.views.shell.window import MonitorWindow

ROOT = Path(__file__).resolve().parents[1]
COLOURS = 96
MOST_BYTES = 60 * 1024
LARGE_BYTES = 90 * 1024
"""The same for a picture of more dots: with fewer colours soft edges would get steps that are not there."""

FACES = ("research", "glance", "plane")
FACE_WORDS = {"research": "research view", "glance": "glance view", "plane": "window of tolerance"}


class Shot(NamedTuple):
    """One picture."""

    state: str
    face: str = "research"
    theme: str = "light"
    width: int = 1280
    height: int = 800
    device_scale: float = 1.0
    text_scale: float = 1.0

    @property
    def faceless(self) -> bool:
        """Whether there is no choice of faces."""
        return self.state.startswith(("setup", "calibrate"))

    @property
    def file(self) -> str:
        """Name of its file."""
        parts = [self.state, "" if self.faceless else self.face, self.theme]
        parts.append(f"{self.width}x{self.height}" if (self.width, self.height) != (1280, 800) else "")
        parts.append(f"x{self.device_scale:g}" if self.device_scale != 1.0 else "")
        parts.append(f"text{self.text_scale:g}" if self.text_scale != 1.0 else "")
        return "-".join(filter(None, parts)) + ".png"

    @property
    def caption(self) -> str:
        """What is to be seen, and how."""
        how = [] if self.faceless else [FACE_WORDS[self.face]]
        how += [self.theme]
        how += [f"{self.width}x{self.height}"] if (self.width, self.height) != (1280, 800) else []
        how += [f"scale {self.device_scale:g}"] if self.device_scale != 1.0 else []
        how += [f"text {self.text_scale:g}"] if self.text_scale != 1.0 else []
        return f"{STATES[self.state].caption} ({', '.join(how)})"


ONE_THEME = frozenset(
    {
        "setup_nothing",
        "setup_checking",
        "setup_ready",
        "setup_locked",
        "setup_many",
        "calibrate_ready",
        "calibrate_waiting",
        "calibrate_paused",
        "calibrate_rating",
        "calibrate_refused",
        "connecting",
        "running_alone",
        "talking",
        "ended",
        "replay_paused",
        "replay_compare",
    }
)
"""States that differ little from another one which is shown in both themes."""


def shots() -> list[Shot]:
    """Return the pictures of the documentation."""
    out = [
        Shot(state, _face_of(state), theme)
        for state in STATES
        for theme in (("light",) if state in ONE_THEME else ("light", "dark"))
    ]
    out += [Shot("running", face) for face in FACES]
    out += [
        Shot("above", "plane", "dark"),
        Shot("low_activation", "plane"),
        Shot("not_calibrated", "glance"),
        Shot("running", width=1920, height=1080),
        Shot("above", "glance", "dark", width=1920, height=1080),
        Shot("above", "glance", device_scale=2.0),
        Shot("running", theme="dark", text_scale=1.5),
        Shot("setup_wrong", text_scale=1.5),
        Shot("above", "glance", width=600, height=400),
    ]
    return list(dict.fromkeys(out))


def every_shot() -> list[Shot]:
    """Return every state in every face and theme, and in large text, to be looked through."""
    faceless = [state for state in STATES if Shot(state).faceless]
    pairs = [(s, "research") for s in faceless] + [(s, f) for s in STATES if s not in faceless for f in FACES]
    return [Shot(s, f, t, text_scale=x) for s, f in pairs for t in ("light", "dark") for x in (1.0, 1.5)]


def _face_of(state: str) -> str:
    """Spread the states over the faces; two of them in each would be three times as many pictures."""
    return {"above": "glance", "low_activation": "glance", "both_lost": "glance", "talking": "plane"}.get(
        state, "research"
    )


def open_window(client: StagedClient, theme: str) -> "tuple[MonitorWindow | CalibrationWindow, list[float]]":
    """Open the window of a client, with a clock that stands.

    Parameters
    ----------
    client : StagedClient
        Its board.
    theme : str
        ``light`` or ``dark``.

    Returns
    -------
    MonitorWindow or CalibrationWindow
        The window, not shown yet.
    list of float
        Its clock in seconds, to be moved by writing into it.
    """
    from monitor.views.calibrate.window import CalibrationWindow
    from monitor.views.shell.window import MonitorWindow
    from monitor.views.theme import THEMES

    clock = [0.0]
    calibrates = client.board.snapshot()["procedure"] is not None
    kind = CalibrationWindow if calibrates else MonitorWindow
    window = kind(client, THEMES[theme], clock=lambda: clock[0])
    window._timer.stop()
    return window, clock


def settle(window: "MonitorWindow | CalibrationWindow", clock: list[float], frames: int = 6) -> None:
    """Let a window take everything its board has and come to rest."""
    from PySide6.QtWidgets import QApplication

    for _ in range(frames):
        # Less than what a window takes for an engine whose clock stands still.
        clock[0] += 0.3
        window.refresh()
        QApplication.processEvents()


def take(shot: Shot, folder: Path) -> Path:
    """Take a picture, in an application of the right scale.

    Parameters
    ----------
    shot : Shot
        What to take.
    folder : Path
        Where to write it.

    Returns
    -------
    Path
        The file.
    """
    window, clock = open_window(stage(shot.state), shot.theme)
    window.resize(shot.width, shot.height)
    window.show()
    settle(window, clock, 2)
    if not shot.faceless:
        window.show_face(getattr(window, shot.face))
    settle(window, clock, 4)
    path = folder / shot.file
    _write(window, path, shot.theme)
    # Not closed: a window that records would ask first.
    window.hide()
    window.deleteLater()
    return path


def _write(window: "QWidget", path: Path, theme: str) -> None:
    """Write a widget as a picture of few colours."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.png")
        window.grab().save(str(whole))
        with Image.open(whole) as image:
            plain = image.convert("RGB")
    for colours in (COLOURS, 64, 48, 32):
        few = plain.quantize(palette=_palette(plain, colours, theme), dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size <= (MOST_BYTES if plain.width <= 1280 else LARGE_BYTES):
            return


def _palette(image: "Image.Image", colours: int, theme: str) -> "Image.Image":
    """Return the colours of the theme, of which some lie on few dots, and the commonest of the others."""
    from PIL import Image, ImageColor

    from monitor.views.theme import THEMES

    own = [part for colour in THEMES[theme] for part in ImageColor.getrgb(colour)]
    found = image.quantize(colours - len(own) // 3, Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*own, *found])
    return palette


def write_page(taken: Sequence[Shot], folder: Path) -> None:
    """Write the page that lists the pictures."""
    lines = [
        "# Screens",
        "",
        "Every state of the window, from made-up data. Written by `python -m tests.screens`.",
        "",
    ]
    for shot in taken:
        lines += [f"## {shot.caption}", "", f"![{shot.caption}]({folder.name}/{shot.file})", ""]
    (folder.parent / f"{folder.name}.md").write_text("\n".join(lines), encoding="utf-8")


def _group(taken: Sequence[Shot]) -> dict[tuple[float, float], list[Shot]]:
    groups: dict[tuple[float, float], list[Shot]] = {}
    for shot in taken:
        groups.setdefault((shot.device_scale, shot.text_scale), []).append(shot)
    return groups


def _child(arguments: argparse.Namespace, chosen: Sequence[Shot]) -> int:
    """Take the pictures of one scale: Qt reads it once in a process."""
    from PySide6.QtWidgets import QApplication

    application = QApplication([sys.argv[0]])
    application.setStyle("Fusion")
    font = application.font()
    font.setPointSizeF(font.pointSizeF() * arguments.text)
    application.setFont(font)
    for shot in chosen:
        take(shot, arguments.out)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write pictures and page.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line; by default that of the process.

    Returns
    -------
    int
        Exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--only", default="", help="only pictures whose file name contains this")
    parser.add_argument("--all", action="store_true", help="every state in every face, theme and large text")
    parser.add_argument("--scale", type=float, default=math.nan, help=argparse.SUPPRESS)
    parser.add_argument("--text", type=float, default=math.nan, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    listed = every_shot() if options.all else shots()
    chosen = [shot for shot in listed if options.only in shot.file]
    groups = _group(chosen)
    if math.isfinite(options.scale):
        return _child(options, groups[options.scale, options.text])
    with tempfile.TemporaryDirectory() as choices:
        for scale, text in groups:
            environment = {
                **os.environ,
                "QT_QPA_PLATFORM": "offscreen",
                "QT_SCALE_FACTOR": f"{scale:g}",
                # What the user of this machine has chosen must not be seen in the pictures, nor be changed.
                "ATTUNE_CONFIG": choices,
                "LC_ALL": "C.UTF-8",
            }
            command = [
                sys.executable,
                "-m",
                "tests.screens",
                "--out",
                str(options.out),
                "--only",
                options.only,
            ]
            command += ["--scale", str(scale), "--text", str(text), *(["--all"] if options.all else [])]
            subprocess.run(command, env=environment, check=True, cwd=ROOT)
    if not options.only and not options.all:
        write_page(chosen, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
