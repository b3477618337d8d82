"""People who work here: users, teams, roles, passwords and sign-in sessions."""
