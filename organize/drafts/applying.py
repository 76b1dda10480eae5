"""Having a draft follow another timetable, in what was chosen where the two are compared."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from journal.actors import Actor
from organize.programme.conflict_rows import Subject
from schedule.domain.timetables.applying import Seen, apply_difference, version_of
from schedule.domain.timetables.changes import changes_between
from schedule.domain.timetables.drafts import DraftPutAside, SessionsMoved
from schedule.models import Draft

# A session's key and the versions of where it is in the first and in the second timetable.
_ROW = re.compile(r"(\d{1,18})\.(-1|\d{1,9})\.(-1|\d{1,9})", re.ASCII)


class NotFollowed(Exception):
    """Nothing was changed, and why. `chosen` are the keys of the sessions that may stay chosen."""

    def __init__(self, sentence: str, chosen: Collection[int] = ()) -> None:
        super().__init__(sentence)
        self.chosen = chosen


def follow(posted: QueryDict, subjects: Mapping[str, Subject], *, actor: Actor) -> tuple[Draft, int]:
    """Have one of the two timetables follow the other: `into` ("old" or "new") in the chosen rows, `all` in every one.

    Returns the draft and how many of its sessions moved. Raises `NotFollowed`, and Http404 for what is no draft.
    """
    old, new = (subjects.get(posted.get(name, "")) for name in ("old", "new"))
    turned = (posted.get("all") or posted.get("into")) == "old"
    draft, source = (old, new) if turned else (new, old)
    if old is None or new is None or source is None or draft == source or not isinstance(draft, Draft):
        raise Http404
    if "all" in posted and posted.get("versions") != versions_of(old, new):
        raise NotFollowed(_("Somebody has changed one of the two meanwhile. Look again, then decide."))
    rows = _all(old, new) if "all" in posted else _chosen(posted.getlist("row"))
    if not rows:
        raise NotFollowed(_("Choose at least one session."))
    seen = {session: Seen(*(pair if turned else pair[::-1])) for session, pair in rows.items()}
    try:
        return draft, apply_difference(draft, source, seen, actor=actor)
    except SessionsMoved as moved:
        raise NotFollowed(str(moved), seen.keys() - moved.sessions) from moved
    except DraftPutAside as refused:
        raise NotFollowed(str(refused), seen.keys()) from refused


def versions_of(old: Subject, new: Subject) -> str:
    """What tells whether anything in the two was moved since they were shown; a release never changes."""
    return ".".join(str(one.version if isinstance(one, Draft) else 0) for one in (old, new))


def _chosen(rows: Collection[str]) -> dict[int, tuple[int, int]]:
    """The chosen sessions with the versions that the page showed; what no page has sent chooses nothing."""
    found = filter(None, map(_ROW.fullmatch, rows))
    return {int(one[1]): (int(one[2]), int(one[3])) for one in found}


def _all(old: Subject, new: Subject) -> dict[int, tuple[int, int]]:
    changes = changes_between(old, new)
    return {one.session.pk: (version_of(one.old), version_of(one.new)) for one in changes}
