"""Secrets that people and clients hold: passwords, tokens and mailed codes. None of it touches the database."""
