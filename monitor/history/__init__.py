"""One person over many sessions."""
