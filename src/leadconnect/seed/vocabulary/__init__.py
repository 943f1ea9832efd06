"""The lists that demo data is drawn from."""
