"""The time line of the whole session."""
