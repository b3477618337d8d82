"""A whole account as one file of JSON Lines, and an empty account made of it: the same bytes on either database."""
