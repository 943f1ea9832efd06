"""The second factor: a code by mail after the password, and how it is switched on and off."""
