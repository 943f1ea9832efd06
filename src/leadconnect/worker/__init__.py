"""Background work: the handlers of jobs, what runs periodically, and the process that does it. Enter at `process`."""
