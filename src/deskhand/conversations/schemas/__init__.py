"""Conversations on the wire (contract 10 and 20)."""
