"""Companies that customers belong to."""
