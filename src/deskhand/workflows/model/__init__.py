"""The vocabulary of workflows: what they consist of, how conditions are judged, facts; nothing in here reads or writes."""
