"""Lists of leads: which ones, which page of them, and how many there are."""
