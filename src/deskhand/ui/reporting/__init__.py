"""Reports as people read them: numbers, charts with the table behind each, and where a number leads."""
