"""The conflicts of a timetable as a list: how many of each kind, then the worst first, narrowed and by pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organize.programme.conflict_rows import KIND_NAMES, Checks, Shown, Subject, subject_key, subject_name
from organize.programme.filters.placed import PlacedForm
from schedule.conflicts import Conflict, ConflictKind, Level

PER_PAGE = 25
WORST = 10
"""So many are shown where the list itself is a page away."""


@dataclass(frozen=True)
class KindCount:
    """How many conflicts of a kind there are."""

    kind: str
    name: str
    level: str
    count: int


@dataclass(frozen=True)
class ConflictsInShort:
    """How many there are of each kind, and the worst of them. `query` asks the page of conflicts for all of these."""

    total: int
    blocking: int
    kinds: list[KindCount]
    first: list[Shown]
    query: str

    @property
    def warning(self) -> int:
        """How many do not stand in the way of a release."""
        return self.total - self.blocking

    @property
    def more(self) -> int:
        """How many are not among the first."""
        return self.total - len(self.first)


class ConflictForm(PlacedForm):
    """What narrows the page. `without` names another draft or release, the conflicts of which are left out."""

    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    without = forms.ChoiceField(label=gettext_lazy("Not in"), required=False)

    field_order = ("level", "kind", "day", "room", "without")

    def __init__(self, asked: Any, checks: Checks, others: Iterable[Subject]) -> None:
        rooms = [(code, room.name) for code, room in checks.problem.rooms.items()]
        super().__init__(asked, days=checks.conference.dates, rooms=rooms)
        levels = [(str(Level.BLOCK), _("Must be solved")), (str(Level.WARN), _("Worth a look"))]
        self.choose("level", _("All levels"), levels)
        self.choose("kind", _("All kinds"), self._kinds())
        self.choose("without", "—", [(subject_key(one), subject_name(one)) for one in others])
        self.read()

    @staticmethod
    def _kinds() -> list[tuple[str, str]]:
        return sorted(((str(kind), str(name)) for kind, name in KIND_NAMES.items()), key=lambda pair: pair[1])

    def offer(self, kinds: Collection[str]) -> None:
        """Leave out of the choices what would find nothing, but for what is chosen already."""
        kept = {self.chosen.get("kind"), *kinds}
        self.choose("kind", _("All kinds"), [pair for pair in self._kinds() if pair[0] in kept])


def kind_counts(conflicts: Iterable[Conflict]) -> list[KindCount]:
    """What must be solved first, of these the most frequent first."""
    counts = Counter((one.level is not Level.BLOCK, one.kind) for one in conflicts)
    names: dict[ConflictKind, str] = {kind: str(name) for kind, name in KIND_NAMES.items()}
    ordered = sorted(counts.items(), key=lambda pair: (pair[0][0], -pair[1], names[pair[0][1]]))
    return [
        KindCount(str(kind), names[kind], str(Level.WARN if warns else Level.BLOCK), count)
        for (warns, kind), count in ordered
    ]


def in_short(
    checks: Checks, conflicts: Sequence[Conflict], of: Subject, *, without: Subject | None = None, may_fix: bool = True
) -> ConflictsInShort:
    """Those of a draft or release, without those of another one if that is given; `may_fix` where links lead to it."""
    ordered = sorted(conflicts, key=lambda one: one.sort_key)
    asked = {"of": subject_key(of)} | ({"without": subject_key(without)} if without else {})
    return ConflictsInShort(
        total=len(ordered),
        blocking=sum(one.level is Level.BLOCK for one in ordered),
        kinds=kind_counts(ordered),
        first=[checks.shown(one, of if may_fix else None) for one in ordered[:WORST]],
        query=urlencode(asked) + "&",
    )


class ConflictList:
    """What is wrong with a draft or release, as an address narrows it."""

    def __init__(
        self, checks: Checks, found: Sequence[Conflict], form: ConflictForm, *, known: Collection[str]
    ) -> None:
        """`known` are the keys of conflicts that the other timetable has too."""
        self.total = len(found)
        self._checks = checks
        self._here = [
            one for one in found if one.key not in known and form.keeps(checks.days_of(one), checks.rooms_of(one))
        ]
        self.kinds = kind_counts(self._here)
        form.offer({one.kind for one in self.kinds})
        level, kind = form.chosen.get("level"), form.chosen.get("kind")
        self._shown = [c for c in self._here if level in (None, str(c.level)) and kind in (None, str(c.kind))]

    def context(self, subject: Subject | None, page: str | None) -> dict[str, Any]:
        """The context of organize/programme/lists/conflict_groups.html: one page of them, blocking ones first.

        `groups` is [{level, count of all, conflicts of this page}], for each level that is on the page; `subject` is
        where they can be mended.
        """
        by_level = {level: [one for one in self._shown if one.level is level] for level in (Level.BLOCK, Level.WARN)}
        shown = Paginator([one for some in by_level.values() for one in some], PER_PAGE).get_page(page)
        here = {level: [one for one in shown if one.level is level] for level in by_level}
        groups = [
            {
                "level": str(level),
                "count": len(by_level[level]),
                "conflicts": [self._checks.shown(conflict, subject) for conflict in found],
            }
            for level, found in here.items()
            if found
        ]
        return {"groups": groups, "page_obj": shown, "counts": self.kinds, "total": self.total}
