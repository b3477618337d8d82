"""Changing webhooks, and what becomes of deliveries."""
