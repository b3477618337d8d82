"""Satisfaction ratings: a link that only the customer has, a page behind it, and what the API tells of it."""
