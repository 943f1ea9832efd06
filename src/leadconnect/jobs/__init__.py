"""Work outside the request: the queue in PostgreSQL, the worker that empties it, and what runs periodically."""
