"""What is written of a run for others to read: tables and summary."""
