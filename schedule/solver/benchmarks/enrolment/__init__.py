"""Timetables of slots and rooms for events that attendees have enrolled in: the public benchmark formats.

Used like any other format: `itc.read(path)`, `preferences.read(path)`, `search.solve(instance, ...)`,
`check.check(instance, solution)`. Imports neither Django nor the rest of the solver beyond errors and JSON records.
"""
