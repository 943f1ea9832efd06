"""The queue of background jobs in PostgreSQL: add, find and retry jobs."""
