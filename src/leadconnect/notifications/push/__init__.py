"""Web push: the key by which push services know us, where a push may go, and how it is sent."""
