"""Rows of an import that are the same person as an earlier row of its file."""
