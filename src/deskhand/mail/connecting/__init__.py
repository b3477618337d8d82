"""How we sign in to mail servers: passwords, and tokens that are renewed; who is asked for them."""
