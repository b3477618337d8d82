"""Changing what mail keeps: one verb, one function."""
