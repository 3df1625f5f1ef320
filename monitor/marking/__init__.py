"""Marks: what somebody said of a moment of a session."""
