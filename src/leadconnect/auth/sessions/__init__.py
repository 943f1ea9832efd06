"""Sessions: how they begin, are refreshed, rotate and end, and from which devices they come."""
