"""The set-up before a recording: streams, people and checks."""
