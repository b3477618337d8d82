"""Reading what mail keeps."""
