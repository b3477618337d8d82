"""Conversations and their threads, attachments, drafts, snoozes, tags, fields and folders."""
