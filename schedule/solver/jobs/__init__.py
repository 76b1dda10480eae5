"""A search in a process of its own: what it is asked for, and how it is run, watched and stopped."""
