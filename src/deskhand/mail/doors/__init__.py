"""How messages come in: from IMAP servers, by SMTP, through a pipe. Each accepts one only when it is durable."""
