"""Reports on the wire (contract 70)."""
