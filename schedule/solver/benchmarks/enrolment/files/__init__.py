"""The public files of problems and timetables with enrolled attendees."""
