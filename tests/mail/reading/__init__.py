"""Messages as they come, read."""
