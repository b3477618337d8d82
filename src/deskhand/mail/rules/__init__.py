"""What a message is: pure functions over a letter. No database, no network, no clock."""
