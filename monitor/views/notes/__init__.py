"""Notes by key and button."""
