"""The nearest right timetable to one that no longer fits."""
