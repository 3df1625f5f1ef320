"""The research face: raw traces, every marker, streams."""
