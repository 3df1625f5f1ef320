"""The transport of a replay."""
