"""Why there is no timetable, and why a session cannot be in a place."""
