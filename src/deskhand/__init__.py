"""Deskhand: a self-hosted help desk that answers Help Scout's Mailbox API 2.0."""
