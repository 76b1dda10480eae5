"""The rules that the database keeps, by name."""
