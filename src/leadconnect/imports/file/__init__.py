"""The file of an import: taken in, kept, recognised, and what was not taken given back."""
