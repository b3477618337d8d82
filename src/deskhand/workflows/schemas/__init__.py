"""Workflows on the wire: the vendor's resource (contract 61 §2), and what is ours."""
