"""The band of a person: arousal between the two edges of their own range."""
