"""Mail: what comes in and goes out."""
