"""Believable demo data, for people who build a front end and for measurements."""
