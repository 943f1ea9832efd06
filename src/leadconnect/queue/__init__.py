"""The queue of background jobs, in PostgreSQL: add jobs, find them, and handle those that were given up."""
