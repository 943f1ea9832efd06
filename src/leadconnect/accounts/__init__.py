"""Accounts, which are the tenants, and their users. Other packages call the functions of `face`."""
