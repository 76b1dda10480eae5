"""The work of the demonstration. Each step does what is not done yet, so all can be run again after a stop."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from journal.actors import SYSTEM
from journal.models import Entry
from notifications.models import Message
from ops.demo.crowd import at_once
from ops.demo.dates import moved_to, note
from ops.demo.forum_texts import publish_forum_texts
from ops.demo.people import SamplePerson, sample_people
from ops.demo.room_lost import Loss, choose_loss
from ops.demo.team import make_team
from ops.inbox.store import Inbox
from registration.domain.attending import wishes
from registration.domain.consents import Purpose, agree
from registration.domain.registrations import registering
from registration.models import Registration, SignUp
from schedule.domain.editing.absences import close_room
from schedule.domain.problem import instant, problem_for
from schedule.domain.programme.conference_texts import newest_versions
from schedule.domain.timetables.drafts import create_draft
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.releasing import release
from schedule.exchange.readers.importing import import_programme, read_programme
from schedule.models import Conference, Draft, Release
from schedule.solver.explain.infeasible_subset import explain
from schedule.solver.sentences.words import SolverWords, names_of
from schedule.solver.solve import Solved, solve

SLUG = "whrcf-2017"
SAMPLE = Path(settings.BASE_DIR) / "schedule" / "exchange" / "samples" / "whrcf2017.json"
FIRST_DRAFT = "First timetable"
REPAIRED_DRAFT = "After the room was lost"
CONTACT = "forum@example.org"  # as the forum's own contact page says
LONGEST_SEARCH = 60.0  # seconds; on a machine that is busy with other things the first search may find nothing
Tell = Callable[[str], None]


class DemoFailed(RuntimeError):
    """A step could not do its work. The message says what and why."""


def load_programme(email: str, password: str, *, first_day: date | None) -> Conference:
    """The forum through the organizers' importer, with a team and an organizer who can sign in.

    Its days are moved so that `first_day` is the first, and its note says so; None keeps them.
    """
    conference = Conference.objects.filter(slug=SLUG).first()
    if conference is not None:
        return conference
    team = make_team("World Human Rights Cities Forum", owner=email, password=password)
    programme = json.loads(SAMPLE.read_bytes())
    if first_day is not None:
        programme = moved_to(programme, first_day)
    conference = import_programme(read_programme(programme), team=team, actor=SYSTEM)
    publish_forum_texts(conference)
    if first_day is not None:
        about = note(conference.starts_on, conference.ends_on)
        told = conference.sample_note.data
        conference.sample_note = LazyI18nString({code: f"{told[code]} {text}" for code, text in about.items()})
    conference.is_public = conference.registration_open = True
    conference.contact_email = CONTACT
    conference.gather_seconds = 0  # nobody watches a demonstration wait for a second change
    conference.save(update_fields=["is_public", "registration_open", "contact_email", "gather_seconds", "sample_note"])
    return conference


def register_people(conference: Conference, inbox: Inbox, *, count: int, seed: int, tell: Tell, seconds: float) -> None:
    """Everybody registers, gets a link by mail, and uses it. The links are read from the inbox, like a person would."""
    sessions = list(conference.sessions.taking_signups().select_related("kind").order_by("code"))
    known = set(
        Registration.objects.for_conference(conference)
        .exclude(state=Registration.State.DRAFT)
        .values_list("participant__email", flat=True)
    )
    missing = [one for one in sample_people(count, seed=seed, sessions=sessions) if one.email not in known]
    if not missing:
        return
    seen = max((mail.id for mail in inbox.newest(limit=1)), default=0)

    def register(person: SamplePerson) -> None:
        registering.register(conference, email=person.email, answers=person.answers)

    at_once(register, missing)
    tell(f"{len(missing)} people have asked for a link; using the links as they arrive by mail")
    _use_links(conference, inbox, {one.email for one in missing}, after=seen, seconds=seconds)


def _use_links(conference: Conference, inbox: Inbox, waiting: set[str], *, after: int, seconds: float) -> None:
    link = re.compile(r"/my/link/([A-Za-z0-9_-]{43})/")
    versions = newest_versions(conference)

    def confirm(token: str) -> None:
        now = timezone.now()
        registering.redeem(token, now=now, agreed=agree(Purpose, versions, now=now))

    deadline = time.monotonic() + seconds
    while waiting:
        tokens = {}
        for mail in inbox.messages(after=after):
            after = mail.id
            found = link.search(mail.text("text/plain")) if mail.recipient in waiting else None
            if found:
                tokens[mail.recipient] = found.group(1)
        at_once(confirm, tokens.values())
        waiting -= tokens.keys()
        if waiting and time.monotonic() > deadline:
            raise DemoFailed(f"{len(waiting)} sign-in links did not arrive within {seconds:.0f} s.")
        time.sleep(0.1)


def make_timetable(conference: Conference, *, seconds: float, seed: int) -> tuple[Draft, Solved | None]:
    """A draft in which every session has a time and a room, made by the solver from the ranked demand."""
    draft = Draft.objects.filter(conference=conference, name=FIRST_DRAFT).first()
    if draft is not None:
        return draft, None
    problem = problem_for(conference)
    result = solve(problem, seconds=seconds, seed=seed, workers=2)
    while result.feasible is None and seconds < LONGEST_SEARCH:
        seconds *= 4
        result = solve(problem, seconds=seconds, seed=seed, workers=2)
    if result.timetable is None:
        if result.feasible is None:
            raise DemoFailed(f"No timetable was found in {seconds:.0f} s, nor that there is none: is the machine busy?")
        words = SolverWords(names_of(problem))
        reasons = "\n".join(f"- {words.say(*cause.messages)}" for cause in explain(problem, seconds=30).causes)
        raise DemoFailed(f"No timetable keeps every rule. These fight:\n{reasons}")
    origin = {
        "seed": seed,
        "seconds": round(result.seconds, 2),
        "objective": result.objective,
        "bound": result.bound,
        "terms": result.terms,
    }
    return create_draft(conference, name=FIRST_DRAFT, actor=SYSTEM, placements=result.timetable, origin=origin), result


def publish_first(conference: Conference, draft: Draft) -> Release:
    """The draft as release 1."""
    return Release.objects.filter(conference=conference, number=1).first() or release(draft, actor=SYSTEM)


def sign_everybody_up(conference: Conference) -> int:
    """Wishes become places or places in line; who registered first chooses first. Returns how many wishes."""
    fresh = (
        Registration.objects.for_conference(conference).active().filter(signups__isnull=True).order_by("confirmed_at")
    )

    def sign_up(registration: Registration) -> int:
        return len(wishes.sign_up_wishes(registration, actor=registration.actor))

    return sum(at_once(sign_up, fresh.distinct()))


def wait_for_mail(conference: Conference, *, seconds: float, tell: Tell) -> None:
    """Until the workers have handled every journal entry and every message has gone (or failed for good)."""
    deadline = time.monotonic() + seconds
    said = 0.0
    while True:
        unsent = Message.objects.for_conference(conference).filter(state__in=Message.OPEN).count()
        unhandled = Entry.objects.filter(handled_at__isnull=True).count()
        if not unsent and not unhandled:
            return
        if time.monotonic() > deadline:
            raise DemoFailed(
                f"{unsent} messages and {unhandled} journal entries were still waiting after {seconds:.0f} s."
            )
        if time.monotonic() - said > 2:
            tell(f"{unsent} messages to go")
            said = time.monotonic()
        time.sleep(0.1)


def lose_a_room(conference: Conference, *, seconds: float, seed: int) -> tuple[Loss, Release]:
    """A room in use is lost; the timetable is repaired with the fewest changes and published."""
    before = newest_release(conference)
    if before is None:
        raise DemoFailed("Nothing is published yet.")
    loss = choose_loss(conference, before, seconds=seconds, seed=seed)
    room = conference.rooms.get(code=loss.room)
    close_room(
        room,
        starts_at=instant(conference, loss.closed.start),
        ends_at=instant(conference, loss.closed.end),
        reason={"en": "Water damage", "ko": "누수"},
        actor=SYSTEM,
    )
    draft = create_draft(
        conference,
        name=REPAIRED_DRAFT,
        actor=SYSTEM,
        placements=loss.repaired.timetable or (),
        origin={"proved_minimal": loss.repaired.proved_minimal, "seconds": round(loss.repaired.seconds, 2)},
    )
    return loss, release(draft, actor=SYSTEM, note="A room was lost")


def vacuum() -> None:
    """Let the planner know the tables it has just seen filled."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def signup_states(conference: Conference) -> dict[int, tuple[int, str]]:
    """Registration and state of every sign-up, to compare before and after a change."""
    rows: Iterable[tuple[int, int, str]] = SignUp.objects.for_conference(conference).values_list(
        "pk", "registration_id", "state"
    )
    return {pk: (registration, state) for pk, registration, state in rows}
