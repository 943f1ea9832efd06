"""Erasing an account: everything that is kept of it, for good. Operators do so; no route does."""
