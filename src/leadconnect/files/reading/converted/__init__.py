"""Workbooks in other formats (``.xls``, ``.xlsb``, ``.ods``), converted to plain rows by a child process."""
