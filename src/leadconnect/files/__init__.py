"""Formats of files: read CSV, JSON, workbooks and contact cards as records, and write cells. No lead in it."""
