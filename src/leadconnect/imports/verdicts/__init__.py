"""What becomes of the rows of an import: how they are matched with leads, and where the verdicts are kept."""
