"""The page about one session: data quality first, then each person, both together, notes and methods."""
