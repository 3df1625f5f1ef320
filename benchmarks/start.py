"""How long a user waits for the first answer."""

import statistics
import subprocess
import sys
import time

from benchmarks.table import Figure


def _median_s(command: list[str], n: int = 5) -> float:
    times = []
    for _ in range(n):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def run() -> list[Figure]:
    """Measure."""
    attune = [sys.executable, "-c", "import sys; from monitor.app import main; sys.exit(main())"]
    ready = [
        sys.executable,
        "-c",
        "from monitor.warm import warm_up; import monitor.live_session; warm_up()",
    ]
    return [
        Figure("attune --version, median of 5", f"{_median_s([*attune, '--version']):.2f} s", "< 0.3 s"),
        Figure("attune --help, median of 5", f"{_median_s([*attune, '--help']):.2f} s", "< 0.3 s"),
        Figure("start to engine ready, kernels cached, median of 5", f"{_median_s(ready):.2f} s", "<= 3 s"),
    ]
