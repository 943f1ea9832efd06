"""Who exists: accounts, which are the tenants, and their users."""
