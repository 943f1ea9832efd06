"""Reading the files people bring: bytes, to cells, to the input of leads. Pure; nothing here knows a database."""
