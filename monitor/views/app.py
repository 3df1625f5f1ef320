"""The window as a process of its own: ``python -P -m monitor.views.app --address …``."""

import argparse
import signal
import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from monitor.board.wire import BoardClient
from monitor.errors import MonitorError
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
    window = MonitorWindow(client, THEMES[options.theme])
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
