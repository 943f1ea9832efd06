"""Import and export of leads: reading the files people bring, writing the file they take away."""
