"""What people choose from when they fill in a lead: the cities of others, and the sectors that were named."""
