"""Numbers read and made into answers: a builder for each shape."""
