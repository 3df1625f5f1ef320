"""Recordings as XDF files: bytes to events and back, replay, repair."""
