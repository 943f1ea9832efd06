"""Words: headers by which columns are known, systems by their headers, spellings of values. Tables to be read."""
