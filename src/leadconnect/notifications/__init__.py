"""Who is told what: the inbox, mail, pushes, reminders and digests."""
