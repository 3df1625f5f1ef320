"""Print the whole table, or the parts named on the command line."""

import importlib
import platform
import sys

PARTS = ("start", "offline", "live", "window", "day", "zones", "synchrony", "replay", "bridge")


def main() -> int:
    """Run the parts and print one table."""
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [part for part in chosen if part not in PARTS]
    if unknown:
        sys.stderr.write(f"unknown part {unknown[0]}; choose from {', '.join(PARTS)}\n")
        return 2
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"{'what':<72} {'measured':<52} mark")
    for part in chosen:
        for figure in importlib.import_module(f"benchmarks.{part}").run():
            print(f"{figure.what:<72} {figure.measured:<52} {figure.mark}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
