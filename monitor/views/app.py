"""The window as a process of its own: ``python -P -m monitor.views.app --address …``."""

import argparse
import signal
import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QMainWindow

from monitor.board.client import BoardClient
from monitor.errors import MonitorError
from monitor.views.calibrate_window import CalibrationWindow
from monitor.views.theme import THEMES
from monitor.views.window import MonitorWindow


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
    parser = argparse.ArgumentParser(prog="attune-window", description="Window of a running engine.")
    parser.add_argument("--address", required=True, help="address of the board, given by the engine")
    parser.add_argument("--theme", choices=sorted(THEMES), default="light")
    parser.add_argument("--view", choices=("monitor", "calibrate"), default="monitor")
    parser.add_argument("--motion", action="store_true", help="let the pace of breathing move")
    options = parser.parse_args(arguments)
    try:
        client = BoardClient(options.address)
    except MonitorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    # Ctrl-C in the terminal of the engine is for the engine, which then ends the session in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    application = QApplication([sys.argv[0]])
    application.setStyle("Fusion")
    theme = THEMES[options.theme]
    window: QMainWindow
    if options.view == "calibrate":
        window = CalibrationWindow(client, theme, motion=options.motion)
    else:
        window = MonitorWindow(client, theme)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
