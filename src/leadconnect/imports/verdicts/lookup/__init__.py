"""The keys of rows, and the leads that other systems know by the ids of rows."""
