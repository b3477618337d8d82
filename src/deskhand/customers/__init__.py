"""People who write in: profiles, addresses, phones and handles."""
