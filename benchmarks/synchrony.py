"""Synchrony: speed as ratios, and the tables of chance and power from simulated people."""

from benchmarks.synchrony_chance import TABLES
from benchmarks.synchrony_speed import figures
from benchmarks.table import Figure


def run(n_sessions: int = 400) -> list[Figure]:
    """Measure; every share is from so many sessions, moments of coupled people from a quarter of them."""
    found = figures()
    for table in TABLES:
        found += table(n_sessions)
    return found
