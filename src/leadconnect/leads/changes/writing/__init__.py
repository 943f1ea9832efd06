"""What changes many leads at once, in a statement a slice."""
