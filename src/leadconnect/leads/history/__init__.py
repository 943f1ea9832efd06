"""What happened to each lead: who changed what, when and how."""
