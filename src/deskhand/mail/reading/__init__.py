"""Reading a message: from raw bytes to a letter. Pure functions: no database, no network, no clock."""
