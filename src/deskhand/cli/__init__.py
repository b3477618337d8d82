"""The command line: ``deskhand serve`` and what an operator needs beside it."""
