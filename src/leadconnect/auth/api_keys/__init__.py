"""API keys: one a user, with which a program calls in their name."""
