"""Leads out, as files of four formats."""
