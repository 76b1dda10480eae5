"""What narrows the long lists of a timetable, and pages of them."""
