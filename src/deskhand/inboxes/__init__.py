"""Inboxes, who may work in them, and their custom fields."""
