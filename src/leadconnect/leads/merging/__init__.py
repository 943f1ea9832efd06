"""Making one lead of several, and several of one again."""
