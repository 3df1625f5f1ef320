"""Speeds and sizes, as ratios and shares wherever a machine allows: ``python -m benchmarks``."""
