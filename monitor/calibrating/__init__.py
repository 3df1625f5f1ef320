"""Calibration of one participant: live and guided, or from a recording."""
