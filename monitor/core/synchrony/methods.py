"""The registry of methods for a whole session."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from monitor.core.synchrony.amico import AMICO_V1, AMICO_V2
from monitor.core.synchrony.coherence import COHERENCE
from monitor.core.synchrony.marci import MARCI
from monitor.core.synchrony.moments import MOMENTS
from monitor.core.synchrony.pair import Method
from monitor.core.synchrony.suco import SUCO
from monitor.core.synchrony.susy import SUSY
from monitor.core.synchrony.windowed import RMEA, WINDOWED

METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        method.name: method
        for method in (SUSY, SUCO, MARCI, WINDOWED, RMEA, COHERENCE, AMICO_V1, AMICO_V2, MOMENTS)
    }
)
"""By name. None of them is shown live: live is the calibrated statistic of the session."""

DEFAULT_METHODS: Final = ("susy", "marci")
"""Methods that run unless the settings name others."""
