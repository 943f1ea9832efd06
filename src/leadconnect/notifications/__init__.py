"""Notify users: inbox, mail, web push, reminders and digests."""
