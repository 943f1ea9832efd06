"""Who calls, and what they may do: log-in, sessions, tokens, codes, throttles and permissions."""
