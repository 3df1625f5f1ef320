"""Shared fixtures: the data folder, hypothesis profiles, an isolated Lab Streaming Layer."""

import os
import signal
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

LSL_CONFIG = """\
[multicast]
ResolveScope = machine
AddressesOverride = {{127.0.0.1, 224.0.0.183}}
Interfaces = {{127.0.0.1}}
TTLOverride = 0
[ports]
IPv6 = disable
[lab]
SessionID = test-{session}
[log]
level = -2
"""

# The first example of a kernel's test may load it from the cache, which no deadline should punish.
settings.register_profile(
    "attune", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("attune")


def pytest_configure(config: pytest.Config) -> None:
    """Isolate Lab Streaming Layer before anything loads it, for this process and its children."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(config.rootpath, ".pytest_lsl")
    folder.mkdir(exist_ok=True)
    path = folder / f"lsl-{os.getpid()}.cfg"
    path.write_text(LSL_CONFIG.format(session=uuid.uuid4()), encoding="utf-8")
    os.environ["LSLAPICFG"] = str(path)
    if hasattr(signal, "SIGHUP"):
        # Under nohup it would be ignored here and in every child, as the programs under test rightly leave it.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the configuration of this run."""
    path = Path(config.rootpath, ".pytest_lsl", f"lsl-{os.getpid()}.cfg")
    path.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of real recordings, or skip with the reason."""
    here = Path(__file__).resolve().parents[1]
    path = Path(os.environ.get("ATTUNE_TEST_DATA", here.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"no recordings at {path}; set ATTUNE_TEST_DATA to the folder that holds them")
    return path
