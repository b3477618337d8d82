"""Telling others: subscriptions, deliveries, signatures (contract 40)."""
