"""CSV (RFC 4180), as leniently as spreadsheets and people write it."""
