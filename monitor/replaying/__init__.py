"""A recording to be looked at: played, searched, compared, noted upon."""
