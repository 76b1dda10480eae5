"""Conferences with a known optimum: a timetable is made first, and then what it satisfies is asked for."""
