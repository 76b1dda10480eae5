"""What a person is asked: the answers of the registration form, and the choices they are taken from.

Labels follow the forum's registration form. What is not needed is never asked: no identity number, religion,
political opinion or home address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.models import Interest, Registration
from schedule.domain.programme.names import SIGN_LANGUAGES
from schedule.domain.published.disclosure import may_be_wished_for
from schedule.models import Conference, Session
from schedule.models.sessions import SessionQuerySet
from schedule.vocabulary.languages import language_name

ACCESS_NEEDS = (
    ("wheelchair-place", _("Wheelchair place")),
    ("captions", _("Captions")),
    ("sign-ksl", SIGN_LANGUAGES["KSL"]),
    ("sign-is", SIGN_LANGUAGES["IS"]),
    ("seat-request", _("Seat with a clear view or near the exit")),
    ("assistant", _("An assistant comes with me")),
    ("assistance-dog", _("Assistance dog")),
    ("large-print", _("Documents in large print")),
    ("screen-reader", _("Documents for a screen reader")),
)
DIETS = (
    ("", _("No restriction")),
    ("vegetarian", _("Vegetarian")),
    ("vegan", _("Vegan")),
    ("halal", _("Halal")),
    ("kosher", _("Kosher")),
    ("other", _("Other")),
)
MOST_WISHES = 30


def interpretation_into(code: str) -> str:
    """The label of wishing for interpretation into a language."""
    return gettext("Into %(language)s") % {"language": language_name(code)}


@dataclass(frozen=True)
class Answers:
    """One person's answers. `wishes` holds codes of sessions, the dearest first."""

    display_name: str
    country: str = ""
    affiliation: str = ""
    latin_name: str = ""
    language: str = "en"
    interpretation: str = ""
    access_needs: tuple[str, ...] = ()
    access_note: str = ""
    diet: str = ""
    wishes: tuple[str, ...] = field(default=())

    @property
    def has_access_needs(self) -> bool:
        """Whether they say something about access, which can concern health."""
        return bool(self.access_needs or self.access_note)

    def as_data(self) -> dict[str, Any]:
        """For a JSON column or a session."""
        return asdict(self) | {"access_needs": list(self.access_needs), "wishes": list(self.wishes)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Answers:
        """The opposite of `as_data`. Names it does not know, from an older version, are left out."""
        known = {one.name for one in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items() if name in known
        }
        return cls(**kept)

    def write_to(self, registration: Registration) -> list[str]:
        """Set the registration's fields; the caller saves. Returns their names. Wishes are rows of their own."""
        names = [one.name for one in fields(self) if one.name != "wishes"]
        for name in names:
            value = getattr(self, name)
            setattr(registration, name, list(value) if isinstance(value, tuple) else value)
        return names


def answers_of(registration: Registration) -> Answers:
    """What a registration says now, with its wishes. One query."""
    wishes = Interest.objects.filter(registration=registration).order_by("rank").values_list("session__code", flat=True)
    names = [one.name for one in fields(Answers) if one.name != "wishes"]
    return Answers.from_data({name: getattr(registration, name) for name in names} | {"wishes": list(wishes)})


def sessions_to_wish_for(conference: Conference) -> list[Session]:
    """Sessions a participant may wish for, each with `start`, in order of time; without times, of kind. One query."""
    with_start = (
        sessions_asked_about(conference)
        .select_related("kind", "seats__room")
        .only("code", "title", "kind__name", "seats__during", "seats__capacity", "seats__taken", "seats__room__name")
        .annotate(start=RangeStartsWith("seats__during"))
    )
    return list(with_start.order_by(F("start").asc(nulls_last=True), "kind__position", "kind__code", "code"))


def wished_sessions(conference: Conference, codes: Iterable[str], *, most: int = MOST_WISHES) -> list[Session]:
    """The sessions with the first `most` of these codes, in the same order; codes that are not to be wished for are
    left out. One query.
    """
    wanted = list(dict.fromkeys(codes))[:most]
    found = {session.code: session for session in sessions_asked_about(conference).filter(code__in=wanted)}
    return [found[code] for code in wanted if code in found]


def sessions_asked_about(conference: Conference) -> SessionQuerySet:
    """Nobody can get a place any more where sign-up has closed, so nobody is asked to wish for one (invariant 10)."""
    still = Q(seats__closes_at=None) | Q(seats__closes_at__gt=timezone.now())
    return Session.objects.for_conference(conference).taking_signups().filter(still, may_be_wished_for(conference))
