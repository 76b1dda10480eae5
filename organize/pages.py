"""Which page belongs to which area: the one table that the gate, the navigation and the tests read.

What a page does with its area says its gate (`for_team`): it is seen, or, with `changing` and whenever something is
sent, changed. Who has which rights says `accounts.rights.MATRIX`. A page without a row is for owners alone; a test
finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from accounts.rights import Area


class About(Enum):
    """What of the programme a page changes or names, for those whose rights end with some themes."""

    # It has no themes, or shows what everybody in the team may see: changing it takes all of them.
    ALL = "all"
    # One session, by its code or its key in the address.
    CODE = "code"
    KEY = "pk"


@dataclass(frozen=True)
class Need:
    """`area` None: every member may see it, whatever their rights; changing it takes a right to change something."""

    area: Area | None
    about: About = About.ALL
    # Changing it changes this as well, and takes the right to.
    also: Area | None = None
    # Seen only where the session is of their themes: it names who takes part in it.
    names_people: bool = False


def _kept(area: Area, one: str, many: str, *, away: bool = False) -> dict[str, Need]:
    """The pages of a kind of rows (`organize.setup.rows`)."""
    names = [many, *(f"{one}_{what}" for what in ("new", "edit", "delete", "history"))]
    return dict.fromkeys([*names, f"{one}_away"] if away else names, Need(area))


_SETUP, _PROGRAMME, _MAILS = Need(Area.SETUP), Need(Area.PROGRAMME), Need(Area.MAILS)
_REGISTRATIONS, _WEBHOOKS, _TEAM = Need(Area.REGISTRATIONS), Need(Area.WEBHOOKS), Need(Area.TEAM)
_ANYBODY = Need(None)
# A file has rooms and kinds beside sessions and people.
_FILES = Need(Area.PROGRAMME, also=Area.SETUP)
_SESSION, _SESSION_BY_KEY = Need(Area.PROGRAMME, About.CODE), Need(Area.PROGRAMME, About.KEY)
_NAMES = Need(Area.DESK, About.CODE, names_people=True)

NEEDS: Mapping[str, Need] = {
    "home": _ANYBODY,
    "journal": _ANYBODY,  # it shows what happened in the areas that its reader may see
    "my_mails": _ANYBODY,
    # The programme.
    **dict.fromkeys(("programme", "compare", "draft", "repair", "publish", "release", "close_room"), _PROGRAMME),
    "rehearsal": _PROGRAMME,
    "look": _PROGRAMME,
    **dict.fromkeys(("searches", "weights", "search", "search_progress", "stop_search"), _PROGRAMME),
    **dict.fromkeys(("search_again", "find_help", "conflicts", "sessions", "in_public"), _PROGRAMME),
    **dict.fromkeys(("compare_people", "compare_people_json", "search_json", "draft_of_goal"), _PROGRAMME),
    **dict.fromkeys(("new_draft", "rename_draft", "archive_draft", "take_up_draft", "delete_draft"), _PROGRAMME),
    **dict.fromkeys(("draft_history", "draft_from_release"), _PROGRAMME),
    **dict.fromkeys(("imports", "import_template", "import_reading", "import_preview", "import_result"), _FILES),
    **dict.fromkeys(("import_progress", "import_cancel", "import_delete", "export_archive"), _FILES),
    **dict.fromkeys(("exports", "draft_proof"), _PROGRAMME),
    **dict.fromkeys(("places", "places_json"), _SESSION),
    **dict.fromkeys(("emergency", "emergency_kind", "emergency_repair", "emergency_part"), _PROGRAMME),
    **dict.fromkeys(("emergency_people", "emergency_another", "emergency_keep", "emergency_samples"), _PROGRAMME),
    "publish_samples": _PROGRAMME,
    "move": _SESSION,
    "move_released": _SESSION,
    "session": _SESSION,
    "invite": _SESSION,
    **_kept(Area.PROGRAMME, "person", "people", away=True),
    **_kept(Area.PROGRAMME, "body", "bodies", away=True),
    **_kept(Area.PROGRAMME, "group", "groups"),
    **dict.fromkeys(("room_away", "absence_end"), _PROGRAMME),  # rooms are closed on the day, by whoever moves sessions
    "setup_sessions": _PROGRAMME,
    "session_new": _PROGRAMME,
    **dict.fromkeys(("session_edit", "session_delete", "session_history", "session_cancel"), _SESSION_BY_KEY),
    # What the conference is made of.
    **dict.fromkeys(("conference_edit", "conference_delete", "conference_history"), _SETUP),
    **_kept(Area.SETUP, "room", "rooms"),
    **_kept(Area.SETUP, "kind", "kinds"),
    **_kept(Area.SETUP, "theme", "themes"),
    **dict.fromkeys(("texts", "text", "retention"), _SETUP),
    # People who take part.
    **dict.fromkeys(("registrations", "registration", "same_mailbox", "decide"), _REGISTRATIONS),
    **dict.fromkeys(("registration_rule", "registration_times"), _REGISTRATIONS),
    "signups": Need(Area.DESK),
    **dict.fromkeys(("session_signups", "signup_closing", "enter_by_hand", "session_names"), _NAMES),
    # Mails.
    **dict.fromkeys(("outbox", "message", "message_html", "retry", "withhold", "release_message"), _MAILS),
    **dict.fromkeys(("announcements", "write_announcement", "announcement", "edit_announcement"), _MAILS),
    **dict.fromkeys(("announcement_html", "progress", "test_announcement", "send_announcement"), _MAILS),
    **dict.fromkeys(("unschedule", "stop_announcement", "discard_announcement"), _MAILS),
    **dict.fromkeys(("templates", "template", "template_preview", "template_html", "template_reset"), _MAILS),
    **dict.fromkeys(("suppressions", "lift"), _MAILS),
    # Webhooks, and the team itself.
    **dict.fromkeys(
        ("webhooks", "webhook_new", "webhook", "webhook_edit", "webhook_delete", "webhook_test"), _WEBHOOKS
    ),
    **dict.fromkeys(("webhook_pause", "webhook_resume", "webhook_rotate", "webhook_again"), _WEBHOOKS),
    **dict.fromkeys(("webhook_delivery", "webhook_delivery_again"), _WEBHOOKS),
    # What everybody said of themselves is in an archive: owners alone come in.
    **dict.fromkeys(("archives", "archive_take", "archive_progress", "archive_delete"), _TEAM),
    **dict.fromkeys(("team", "team_role", "team_leave", "team_invite", "invited_again", "uninvited"), _TEAM),
}
