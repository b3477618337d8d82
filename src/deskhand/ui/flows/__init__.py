"""Workflows for people: what one may ask and do in words, the form that builds one, and what one did."""
