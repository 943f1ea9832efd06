"""LeadConnect: a lead-management backend for sales teams."""
