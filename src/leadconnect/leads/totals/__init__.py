"""The running totals of leads: folding what writers append, and comparing it with the truth."""
