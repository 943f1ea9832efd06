"""Workbooks in Office Open XML (ECMA-376, ``.xlsx``), read as a stream."""
