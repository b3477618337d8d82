"""Who is told in the browser about what others did."""
