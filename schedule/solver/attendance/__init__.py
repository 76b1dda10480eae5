"""What a timetable gives those who attend: counted from their wishes, and what none could give."""
