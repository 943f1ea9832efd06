"""Links with which people set a password of their own: made for new colleagues, and for those who are locked out."""
