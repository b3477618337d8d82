"""Who sends our mail: where it goes, how a server is spoken to, and the loop that does it."""
