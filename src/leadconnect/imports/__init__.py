"""Imports that are planned before they are applied: what becomes of each row, and doing it."""
