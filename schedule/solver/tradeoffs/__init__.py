"""Timetables for different goals side by side, none of which is worse in everything."""
