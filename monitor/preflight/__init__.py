"""Before a recording: which streams are there, whose they are, and whether they will do."""
