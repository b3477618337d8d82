"""Applications, authorization codes and access tokens (contract 00 §2)."""
