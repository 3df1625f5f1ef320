"""One set of flags, one signature: a second specialisation would compile in the middle of a session."""

import importlib
import pkgutil
from types import ModuleType

from numba.core.registry import CPUDispatcher

import monitor.core
import monitor.core.kernels
from monitor.warm import warm_up


def kernels_in(package: ModuleType) -> dict[str, CPUDispatcher]:
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        for name, value in vars(loaded).items():
            if isinstance(value, CPUDispatcher):
                found[f"{value.py_func.__module__}.{name}"] = value
    return found


def test_warm_up_compiles_every_kernel_exactly_once() -> None:
    # Kernels that Python calls: what they call in turn is compiled into them.
    warm_up()
    counts = {name: len(kernel.signatures) for name, kernel in kernels_in(monitor.core).items()}
    assert len(counts) > 10
    assert {name: n for name, n in counts.items() if n != 1} == {}


def test_no_kernel_uses_fast_mathematics_or_threads() -> None:
    for name, kernel in kernels_in(monitor.core.kernels).items():
        options = kernel.targetoptions
        assert not options.get("fastmath"), name
        assert not options.get("parallel"), name
        assert options.get("nogil"), name
