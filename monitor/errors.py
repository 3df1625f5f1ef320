"""Errors that reach a user; every message ends with what to do."""


class MonitorError(Exception):
    """Root of all errors with a message for the user: what happened, where, and what to do next."""


class RecordingError(MonitorError):
    """A recording cannot be read or written."""


class StreamError(MonitorError):
    """A stream cannot be used."""


class SettingsError(MonitorError):
    """A setting, a role or an option cannot be used."""
