"""Killing the server again and again, and comparing what it kept with what it had answered."""
