"""Django's PostgreSQL, and when a connection is asked whether it still works."""
