"""Work on timetables of a large programme."""
