"""Who may find the streams: this computer, or the whole network when asked for."""

import argparse
import sys

from devices.outlet import configure


def choose_scope(options: argparse.Namespace) -> None:
    """Choose who may find the streams; before anything else touches liblsl.

    Parameters
    ----------
    options : argparse.Namespace
        With ``lab`` and ``lsl_config``. Without either, this computer only.

    Raises
    ------
    FileNotFoundError
        If the configuration file does not exist.
    """
    # In a laboratory liblsl is left alone: its own configuration files name known peers and ports.
    if not options.lab:
        configure(options.lsl_config)
        return
    sys.stderr.write(
        "Other computers can find the streams. LSL has no encryption: anyone on the network can read them.\n"
    )
