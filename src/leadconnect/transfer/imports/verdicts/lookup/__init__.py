"""Finding the leads that have a key of a row."""
