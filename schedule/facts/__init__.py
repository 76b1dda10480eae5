"""What can happen to a conference and its programme."""

from schedule.facts import drafts, edits, invitations, people, programme, timetables

__all__ = ["drafts", "edits", "invitations", "people", "programme", "timetables"]
