"""Workflows: what an inbox does by itself, or at a click, and the record of what they did (contract 61 §2)."""
