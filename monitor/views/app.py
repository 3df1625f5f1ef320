"""The window as a process of its own: ``python -P -m monitor.views.app --address …``."""

import argparse
import signal
import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QMainWindow

from monitor.board.client import BoardClient
from monitor.errors import MonitorError
from monitor.paths import config_folder
from monitor.views.calibrate.window import CalibrationWindow
from monitor.views.shell.looks import set_text_scale
from monitor.views.shell.preferences import FILE_NAME, read_preferences
from monitor.views.shell.window import MonitorWindow
from monitor.views.theme import THEMES
from monitor.views.translate import install


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window of an engine and stay until it is closed.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line; by default that of the process.

    Returns
    -------
    int
        Exit code.
    """
    options = _parser().parse_args(arguments)
    try:
        client = BoardClient(options.address)
    except MonitorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # Ctrl-C in the terminal of the engine is for the engine, which then ends the session in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    application = QApplication([sys.argv[0]])
    application.setApplicationName("attune")
    application.setStyle("Fusion")
    path = config_folder() / FILE_NAME
    install(application, options.language or read_preferences(path)[0].language)
    # Read in the language of the user: what is wrong with the file is said in the window.
    liked, told = read_preferences(path)
    set_text_scale(liked.text_scale)
    theme = THEMES[options.theme or liked.theme]
    window: QMainWindow
    if options.view == "calibrate":
        window = CalibrationWindow(client, theme, motion=options.motion or liked.motion)
    else:
        monitor = window = MonitorWindow(client, theme, preferences=liked, path=path, told=told)
        if options.covered:
            monitor.toggle_cover()
    window.show()
    return application.exec()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="attune-window", description="Window of a running engine.")
    parser.add_argument("--address", required=True, help="address of the board, given by the engine")
    parser.add_argument("--theme", choices=sorted(THEMES), help="instead of the one in window.toml")
    parser.add_argument("--view", choices=("monitor", "calibrate"), default="monitor")
    parser.add_argument("--covered", action="store_true", help="begin with everything hidden")
    parser.add_argument("--motion", action="store_true", help="let the pace of breathing move")
    parser.add_argument("--language", default="", help="code of a language, instead of that of the computer")
    return parser


if __name__ == "__main__":
    sys.exit(main())
