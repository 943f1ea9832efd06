"""``make bench``: the real server and PostgreSQL alone, side by side in one run, written to ``bench/report.md``."""
