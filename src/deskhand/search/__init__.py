"""The search language: read, checked and compiled to SQL through the fields a room offers. It knows no noun."""
