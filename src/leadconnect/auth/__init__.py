"""Authenticate callers and decide what they may do: log-in, sessions, tokens, codes, throttles and permissions.

Other packages call the functions of `face` and the actions of its parts.
"""
