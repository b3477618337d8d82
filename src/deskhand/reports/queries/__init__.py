"""Reading facts, always limited to the inboxes that the actor sees."""
