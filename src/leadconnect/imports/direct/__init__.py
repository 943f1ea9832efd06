"""Imports that are planned and applied in one call: small ones, whose every row is answered for."""
