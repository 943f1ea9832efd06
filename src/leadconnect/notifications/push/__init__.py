"""Web push: the key of this installation, the endpoints it may call, and sending."""
