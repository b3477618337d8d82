"""Defining workflows and running them."""
