"""Reports: facts projected from conversations, what is counted of them, and the vendor's 32 answers."""
