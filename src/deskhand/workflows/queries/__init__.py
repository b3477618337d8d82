"""Reading workflows, their runs, and conversations as conditions see them."""
