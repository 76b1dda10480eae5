"""What can happen to a conference and its programme."""

from schedule.facts import archives, drafts, edits, invitations, people, programme, timetables

__all__ = ["archives", "drafts", "edits", "invitations", "people", "programme", "timetables"]
