"""Properties: what an account wants to know of its customers and organizations besides, and what a value may be."""
