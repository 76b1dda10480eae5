"""Whether a group of sessions can be kept beside the others of its conference."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from schedule.models import Conference, Session, SessionGroup
from schedule.solver.relations.groups import impossible_together


def objections_to(conference: Conference, *, same: str, sessions: Collection[int], group: int | None) -> list[str]:
    """Sentences about sessions that would have to start at the same time in the same room, by this group and others.

    `sessions` are the keys of its members, `group` is its own key where it is kept already. Five queries at most.
    """
    groups = _groups_of(conference, without=group)
    may_share = _may_share(conference)
    before = impossible_together(groups["time"].values(), groups["room"].values(), may_share=may_share)
    groups[same][None] = set(sessions)
    after = impossible_together(groups["time"].values(), groups["room"].values(), may_share=may_share)
    return [_told(keys) for keys in after if keys not in before]


def _told(keys: Collection[int]) -> str:
    titles = ", ".join(f"“{session}”" for session in Session.objects.filter(pk__in=keys))
    return _("%(sessions)s would have to start at the same time in the same room.") % {"sessions": titles}


def _groups_of(conference: Conference, *, without: int | None) -> dict[str, dict[int | None, set[int]]]:
    """What is shared -> the key of a group -> the keys of its sessions."""
    groups: dict[str, dict[int | None, set[int]]] = {same: {} for same in SessionGroup.Same.values}
    members = SessionGroup.sessions.through.objects.filter(sessiongroup__conference=conference)
    rows = members.exclude(sessiongroup=without) if without else members
    for same, group, session in rows.values_list("sessiongroup__same", "sessiongroup_id", "session_id"):
        groups[same].setdefault(group, set()).add(session)
    return groups


def _may_share(conference: Conference) -> set[int]:
    """The keys of the sessions that some room takes together with others."""
    shared = set(conference.rooms.filter(allows_parallel_use=True).values_list("breaks_only", flat=True))
    if not shared:
        return set()
    sessions = conference.sessions.all() if False in shared else conference.sessions.filter(kind__is_break=True)
    return set(sessions.values_list("pk", flat=True))
