"""Choosing and ranking sessions with plain form controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from schedule.models import Session

RANKS = 5


class WishesWidget(forms.Widget):
    """A check box for each session and a choice of rank. Its value is a list of codes, the dearest first.

    Ranked sessions come before the ones only ticked; where two share a rank, the order of the list decides. A rank
    without a tick counts as a wish.
    """

    use_fieldset = True

    def __init__(self, sessions: Sequence[Session]) -> None:
        self.sessions = sessions
        super().__init__()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        ticked = set(data.getlist(name)) if hasattr(data, "getlist") else set(data.get(name, ()))
        ranked: list[tuple[int, int, str]] = []
        for place, session in enumerate(self.sessions):
            typed = data.get(f"{name}-rank-{session.code}", "")
            rank = int(typed) if typed in _RANK_VALUES else RANKS + 1
            if rank <= RANKS or session.code in ticked:
                ranked.append((rank, place, session.code))
        known = {session.code for session in self.sessions}
        return [code for _rank, _place, code in sorted(ranked)] + sorted(ticked - known)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return "" if index is None else f"{id_}_{index}"

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        wanted = list(value or [])
        rows = [
            {
                "session": session,
                "start": getattr(session, "start", None),
                "ticked": session.code in wanted,
                "rank": wanted.index(session.code) + 1 if session.code in wanted else 0,
            }
            for session in self.sessions
        ]
        context = {
            "name": name,
            "rows": rows,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "ranks": [(number, _("Wish %(number)d") % {"number": number}) for number in range(1, RANKS + 1)],
        }
        return render_to_string("website/registering/wishes_widget.html", context)


_RANK_VALUES = frozenset(str(number) for number in range(1, RANKS + 1))
