"""The only place with two of anything: statements and columns are written once, two drivers run them."""
