"""PostgreSQL: connecting, the embedded server, migrations, and the transaction every request runs in."""
