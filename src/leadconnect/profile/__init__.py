"""The caller's own profile and preferences."""
