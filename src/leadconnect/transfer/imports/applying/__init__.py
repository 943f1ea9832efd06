"""Writing what a plan says: all of it in one transaction, or nothing."""
