"""What stands between the socket and the application: the server, and the middleware around every request."""
