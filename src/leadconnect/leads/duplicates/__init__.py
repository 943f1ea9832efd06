"""Leads that are one person: the keys they share, how alike they are, and merging them."""
