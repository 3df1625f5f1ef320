"""Series of two or more people for the synchrony packages of others, so that any number can be computed again."""
