"""What people get from timetables, side by side."""
