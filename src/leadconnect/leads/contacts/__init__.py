"""Phones and e-mail addresses that a lead has besides its own: those of leads that were merged into it."""
