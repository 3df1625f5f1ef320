"""How two bodies move together, always beside what chance gives: live statistics and offline methods."""
