"""What the columns of a file mean, and what its rows say: from cells to the input of a lead. Pure."""
