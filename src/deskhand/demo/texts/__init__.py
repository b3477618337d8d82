"""What people write to a maker of coffee gear, and what it answers, by theme."""
