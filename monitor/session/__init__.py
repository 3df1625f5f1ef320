"""The folder of a session, and the recorder that fills it."""
