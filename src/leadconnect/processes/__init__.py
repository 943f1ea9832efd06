"""Supervise the processes of one installation: the server, the worker beside it, and the embedded PostgreSQL."""
