"""Changing conversations: one verb, one function, one transaction; the API, the pages, mail and workflows call the same."""
