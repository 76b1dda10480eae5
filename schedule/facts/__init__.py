"""What can happen to a conference and its programme."""

from schedule.facts import edits, invitations, people, programme, timetables

__all__ = ["edits", "invitations", "people", "programme", "timetables"]
