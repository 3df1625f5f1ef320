"""Whether the bridges can use Bluetooth: asked of them, since this package does not know them."""

import json
import os
import subprocess
import sys

from monitor.findings import Finding, Verdict

_BRIDGES_S = 10.0


def check_bluetooth() -> Finding:
    """Check that the bridges can use Bluetooth, by asking them.

    Returns
    -------
    Finding
        LOOK where they cannot: sensors may come over a serial port or from another program.
    """
    command = [sys.executable, "-P", "-m", "devices.cli", "check", "--json"]
    environment = dict(os.environ, PYTHONUTF8="1")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_BRIDGES_S, env=environment, check=False
        )
        facts = json.loads(done.stdout)
        usable, trouble = bool(facts["bluetooth"]["ok"]), str(facts["bluetooth"]["text"])
        ports = [str(port) for port in facts["ports"]]
    except subprocess.TimeoutExpired:
        return Finding(
            "Bluetooth", Verdict.LOOK, f"no answer within {_BRIDGES_S:g} s. Switch Bluetooth off and on."
        )
    except (ValueError, KeyError, TypeError):
        return Finding("Bluetooth", Verdict.LOOK, "the bridges did not answer. Run `attune bridge check`.")
    heard = f"serial ports: {', '.join(ports[:4])}" if ports else "no serial port"
    if usable:
        return Finding("Bluetooth", Verdict.OK, f"can be used; {heard}")
    return Finding(
        "Bluetooth",
        Verdict.LOOK,
        f"{trouble} Sensors of other programs and serial ports work without ({heard}).",
    )
