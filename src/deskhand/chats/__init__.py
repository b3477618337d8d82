"""Live chats: what is said now; when one ends, all of it becomes one thread of a conversation (contract 00 §15, 20 §12)."""
