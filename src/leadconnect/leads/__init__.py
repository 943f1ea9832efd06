"""Leads: what an account collects, follows up, searches and changes."""
