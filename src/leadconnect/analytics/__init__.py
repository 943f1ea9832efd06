"""Analytics: what an account's leads add up to, now and over time."""
