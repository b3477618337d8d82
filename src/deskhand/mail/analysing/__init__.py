"""Making of raw bytes what an operation needs to know; in processes of their own, bounded in time and memory."""
