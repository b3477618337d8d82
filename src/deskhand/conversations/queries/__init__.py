"""Reading conversations, threads, folders and attachments: always limited to what the actor may see."""
