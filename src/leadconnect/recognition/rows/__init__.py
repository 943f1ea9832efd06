"""From one record of a file to the input of one lead."""
