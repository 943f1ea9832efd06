"""Pairs of leads that users have said are not the same person."""
