"""Acts on many leads: change sets, bulk changes and undoing."""
