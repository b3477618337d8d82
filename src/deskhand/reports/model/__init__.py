"""What is counted, and the times and ranges it is counted by: no database in it."""
