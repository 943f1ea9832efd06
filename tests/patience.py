"""How long a test waits for what must happen."""

PATIENCE_SECONDS = 120.0
"""Enough for a machine that is busy with ten other things. Only a test that fails waits for so long."""
