"""Who may open which page, and what that costs."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import TeamInvitation
from journal.actors import SYSTEM, Actor
from journal.recording import record
from notifications.models import Announcement, MailTemplate, Message, Suppression, WebhookDelivery, WebhookSubscription
from organize.urls import urlpatterns
from registration.domain.signups.signing_up import sign_up
from schedule.domain.programme.rooms import rename_room
from schedule.models import Person, ProgrammeUpload, SolverRun, Unavailability, WholeArchive
from tests.factories import at, both, make_body, make_person, make_registration, make_room, make_theme
from tests.facts import a_fact
from tests.organize.conftest import Desk
from tests.present import present

PAYLOAD = "\"><img src=x onerror=alert(1)><script>alert(1)</script>'"
# name: (path, what the owner, the viewer, the outsider and a stranger get on GET)
MAY_READ, MAY_CHANGE, POST_ONLY = (200, 200, 404, 302), (200, 404, 404, 302), (405, 405, 405, 405)
MAY_FOUND = (200, 404, 200, 302)  # the outsider owns another team
PAGES = {
    "index": ("/organize/", (200, 200, 200, 302)),
    "home": ("/organize/forum/", MAY_READ),
    "look": ("/organize/forum/look/conflicts/", MAY_READ),
    "my_mails": ("/organize/forum/my-mails/", MAY_CHANGE),
    "programme": ("/organize/forum/programme/", MAY_READ),
    "close_room": ("/organize/forum/programme/close-room/", MAY_CHANGE),
    "compare": ("/organize/forum/programme/compare/", MAY_READ),
    "compare_people": ("/organize/forum/programme/compare/people/?old=published&new=draft-{draft}", MAY_READ),
    "compare_people_json": ("/organize/forum/programme/compare/people.json?old=published&new=draft-{draft}", MAY_READ),
    "draft": ("/organize/forum/drafts/{draft}/", MAY_READ),
    "new_draft": ("/organize/forum/drafts/new/", MAY_CHANGE),
    "rename_draft": ("/organize/forum/drafts/{draft}/rename/", MAY_CHANGE),
    "archive_draft": ("/organize/forum/drafts/{draft}/archive/", POST_ONLY),
    "take_up_draft": ("/organize/forum/drafts/{draft}/take-up/", POST_ONLY),
    "delete_draft": ("/organize/forum/drafts/{draft}/delete/", MAY_CHANGE),
    "draft_history": ("/organize/forum/drafts/{draft}/history/", MAY_READ),
    "repair": ("/organize/forum/drafts/{draft}/repair/", POST_ONLY),
    "publish": ("/organize/forum/drafts/{draft}/publish/", MAY_CHANGE),
    "rehearsal": ("/organize/forum/drafts/{draft}/publish/people/", MAY_CHANGE),
    "publish_samples": ("/organize/forum/drafts/{draft}/publish/samples/", MAY_CHANGE),
    "move": ("/organize/forum/drafts/{draft}/sessions/TALK/", MAY_CHANGE),
    "places": ("/organize/forum/drafts/{draft}/sessions/TALK/places/", MAY_READ),
    "places_json": ("/organize/forum/drafts/{draft}/sessions/TALK/places.json", MAY_READ),
    "release": ("/organize/forum/releases/1/", MAY_READ),
    "draft_from_release": ("/organize/forum/releases/1/draft/", POST_ONLY),
    "move_released": ("/organize/forum/releases/1/sessions/TALK/", MAY_CHANGE),
    "emergency": ("/organize/forum/emergency/", MAY_CHANGE),
    "emergency_kind": ("/organize/forum/emergency/room/", MAY_CHANGE),
    "emergency_repair": ("/organize/forum/emergency/repairs/{emergency}/", MAY_CHANGE),
    "emergency_part": (
        "/organize/forum/emergency/repairs/{emergency}/part/",
        (286, 404, 404, 302),
    ),  # nothing to wait for
    "emergency_samples": ("/organize/forum/emergency/repairs/{emergency}/samples/", MAY_CHANGE),
    "emergency_people": ("/organize/forum/emergency/repairs/{emergency}/people/", MAY_CHANGE),
    "emergency_another": ("/organize/forum/emergency/repairs/{emergency}/another/", POST_ONLY),
    "emergency_keep": ("/organize/forum/emergency/repairs/{emergency}/keep/", POST_ONLY),
    "searches": ("/organize/forum/searches/", MAY_READ),
    "weights": ("/organize/forum/searches/weights/", MAY_CHANGE),
    "search": ("/organize/forum/searches/{search}/", MAY_READ),
    "search_progress": ("/organize/forum/searches/{search}/progress/", MAY_READ),
    "search_json": ("/organize/forum/searches/{search}.json", MAY_READ),
    "draft_of_goal": ("/organize/forum/searches/{search}/goals/2/", POST_ONLY),
    "stop_search": ("/organize/forum/searches/{search}/stop/", POST_ONLY),
    "search_again": ("/organize/forum/searches/{search}/again/", POST_ONLY),
    "find_help": ("/organize/forum/searches/{search}/help/", POST_ONLY),
    "conflicts": ("/organize/forum/conflicts/", MAY_READ),
    "sessions": ("/organize/forum/sessions/", MAY_READ),
    "session": ("/organize/forum/sessions/TALK/", MAY_READ),
    "invite": ("/organize/forum/sessions/TALK/invite/", POST_ONLY),
    "in_public": ("/organize/forum/people/{person}/in-public/", MAY_CHANGE),
    "registrations": ("/organize/forum/registrations/", MAY_READ),
    "registration": ("/organize/forum/registrations/{registration}/", MAY_READ),
    "same_mailbox": ("/organize/forum/registrations/{registration}/mailbox/", MAY_CHANGE),
    "registration_rule": ("/organize/forum/registrations/rule/", MAY_CHANGE),
    "registration_times": ("/organize/forum/registrations/times/", MAY_CHANGE),
    "retention": ("/organize/forum/retention/", MAY_READ),
    "texts": ("/organize/forum/texts/", MAY_READ),
    "text": ("/organize/forum/texts/privacy/", MAY_CHANGE),
    "decide": ("/organize/forum/registrations/decide/?decision=decline&chosen={registration}", MAY_CHANGE),
    "signups": ("/organize/forum/sign-ups/", MAY_READ),
    "session_signups": ("/organize/forum/sign-ups/TALK/", MAY_READ),
    "signup_closing": ("/organize/forum/sign-ups/TALK/closing/", POST_ONLY),
    "enter_by_hand": ("/organize/forum/sign-ups/TALK/enter/", POST_ONLY),
    "session_names": ("/organize/forum/sign-ups/TALK/names.csv", MAY_READ),
    "outbox": ("/organize/forum/outbox/", MAY_READ),
    "message": ("/organize/forum/outbox/{message}/", MAY_READ),
    "message_html": ("/organize/forum/outbox/{message}/html/", MAY_READ),
    "retry": ("/organize/forum/outbox/{message}/retry/", POST_ONLY),
    "withhold": ("/organize/forum/outbox/{message}/withhold/", POST_ONLY),
    "release_message": ("/organize/forum/outbox/{message}/release/", POST_ONLY),
    "announcements": ("/organize/forum/announcements/", MAY_READ),
    "write_announcement": ("/organize/forum/announcements/new/", MAY_CHANGE),
    "announcement": ("/organize/forum/announcements/{announcement}/", MAY_READ),
    "edit_announcement": ("/organize/forum/announcements/{announcement}/edit/", MAY_CHANGE),
    "announcement_html": ("/organize/forum/announcements/{announcement}/html/en/", MAY_READ),
    "progress": ("/organize/forum/announcements/{sent}/progress/", MAY_READ),
    "test_announcement": ("/organize/forum/announcements/{announcement}/test/", POST_ONLY),
    "send_announcement": ("/organize/forum/announcements/{announcement}/send/", POST_ONLY),
    "unschedule": ("/organize/forum/announcements/{announcement}/unschedule/", POST_ONLY),
    "stop_announcement": ("/organize/forum/announcements/{sent}/stop/", POST_ONLY),
    "discard_announcement": ("/organize/forum/announcements/{announcement}/discard/", MAY_CHANGE),
    "templates": ("/organize/forum/wordings/", MAY_READ),
    "template": ("/organize/forum/wordings/place_confirmed/en/", MAY_READ),
    "template_preview": ("/organize/forum/wordings/place_confirmed/en/preview/", POST_ONLY),
    "template_html": ("/organize/forum/wordings/place_confirmed/en/html/", MAY_READ),
    "template_reset": ("/organize/forum/wordings/place_confirmed/en/reset/", MAY_CHANGE),
    "suppressions": ("/organize/forum/suppressions/", MAY_READ),
    "lift": ("/organize/forum/suppressions/{suppression}/lift/", POST_ONLY),
    "journal": ("/organize/forum/journal/", MAY_READ),
    "team": ("/organize/forum/team/", MAY_READ),
    "team_invite": ("/organize/forum/team/invite/", MAY_CHANGE),
    "invited_again": ("/organize/forum/team/invited/{invited}/again/", POST_ONLY),
    "uninvited": ("/organize/forum/team/invited/{invited}/withdraw/", POST_ONLY),
    "team_role": ("/organize/forum/team/{member}/role/", MAY_CHANGE),
    "team_leave": ("/organize/forum/team/{member}/leave/", MAY_CHANGE),
    "new_conference": ("/organize/conferences/new/", MAY_FOUND),
    "copied_conference": ("/organize/conferences/copy/", MAY_FOUND),
    "conference_edit": ("/organize/forum/setup/conference/", MAY_READ),
    "conference_delete": ("/organize/forum/setup/conference/delete/", MAY_CHANGE),
    "conference_history": ("/organize/forum/setup/conference/history/", MAY_READ),
    "rooms": ("/organize/forum/setup/rooms/", MAY_READ),
    "room_new": ("/organize/forum/setup/rooms/new/", MAY_CHANGE),
    "room_edit": ("/organize/forum/setup/rooms/{room}/", MAY_READ),
    "room_delete": ("/organize/forum/setup/rooms/{room}/delete/", MAY_CHANGE),
    "room_history": ("/organize/forum/setup/rooms/{room}/history/", MAY_READ),
    "room_away": ("/organize/forum/setup/rooms/{room}/away/", MAY_CHANGE),
    "kinds": ("/organize/forum/setup/kinds/", MAY_READ),
    "kind_new": ("/organize/forum/setup/kinds/new/", MAY_CHANGE),
    "kind_edit": ("/organize/forum/setup/kinds/{kind}/", MAY_READ),
    "kind_delete": ("/organize/forum/setup/kinds/{kind}/delete/", MAY_CHANGE),
    "kind_history": ("/organize/forum/setup/kinds/{kind}/history/", MAY_READ),
    "themes": ("/organize/forum/setup/themes/", MAY_READ),
    "theme_new": ("/organize/forum/setup/themes/new/", MAY_CHANGE),
    "theme_edit": ("/organize/forum/setup/themes/{theme}/", MAY_READ),
    "theme_delete": ("/organize/forum/setup/themes/{theme}/delete/", MAY_CHANGE),
    "theme_history": ("/organize/forum/setup/themes/{theme}/history/", MAY_READ),
    "bodies": ("/organize/forum/setup/bodies/", MAY_READ),
    "body_new": ("/organize/forum/setup/bodies/new/", MAY_CHANGE),
    "body_edit": ("/organize/forum/setup/bodies/{body}/", MAY_READ),
    "body_delete": ("/organize/forum/setup/bodies/{body}/delete/", MAY_CHANGE),
    "body_history": ("/organize/forum/setup/bodies/{body}/history/", MAY_READ),
    "body_away": ("/organize/forum/setup/bodies/{body}/away/", MAY_CHANGE),
    "people": ("/organize/forum/setup/people/", MAY_READ),
    "person_new": ("/organize/forum/setup/people/new/", MAY_CHANGE),
    "person_edit": ("/organize/forum/setup/people/{somebody}/", MAY_READ),
    "person_delete": ("/organize/forum/setup/people/{somebody}/delete/", MAY_CHANGE),
    "person_history": ("/organize/forum/setup/people/{somebody}/history/", MAY_READ),
    "person_away": ("/organize/forum/setup/people/{somebody}/away/", MAY_CHANGE),
    "setup_sessions": ("/organize/forum/setup/sessions/", MAY_READ),
    "session_new": ("/organize/forum/setup/sessions/new/", MAY_CHANGE),
    "session_edit": ("/organize/forum/setup/sessions/{talk}/", MAY_READ),
    "session_delete": ("/organize/forum/setup/sessions/{talk}/delete/", MAY_CHANGE),
    "session_history": ("/organize/forum/setup/sessions/{talk}/history/", MAY_READ),
    "session_cancel": ("/organize/forum/setup/sessions/{talk}/cancel/", MAY_CHANGE),
    "groups": ("/organize/forum/setup/groups/", MAY_READ),
    "group_new": ("/organize/forum/setup/groups/new/", MAY_CHANGE),
    "group_edit": ("/organize/forum/setup/groups/{group}/", MAY_READ),
    "group_delete": ("/organize/forum/setup/groups/{group}/delete/", MAY_CHANGE),
    "group_history": ("/organize/forum/setup/groups/{group}/history/", MAY_READ),
    "absence_end": ("/organize/forum/setup/absences/{absence}/end/", POST_ONLY),
    "imports": ("/organize/forum/import/", MAY_CHANGE),
    "import_template": ("/organize/forum/import/template.xlsx", MAY_CHANGE),
    "export_archive": ("/organize/forum/export/archive.json", MAY_CHANGE),
    "exports": ("/organize/forum/exports/", MAY_READ),
    "draft_proof": ("/organize/forum/drafts/{draft}/proof.pdf", MAY_READ),
    "archives": ("/organize/forum/exports/everything/", MAY_CHANGE),
    "archive_take": ("/organize/forum/exports/everything/{archive}/", POST_ONLY),
    "archive_progress": ("/organize/forum/exports/everything/{archive}/progress/", (286, 404, 404, 302)),
    "archive_delete": ("/organize/forum/exports/everything/{archive}/delete/", POST_ONLY),
    "import_reading": ("/organize/forum/import/{upload}/", MAY_CHANGE),
    "import_preview": ("/organize/forum/import/{upload}/preview/", MAY_CHANGE),
    "import_progress": ("/organize/forum/import/{importing}/progress/", MAY_CHANGE),
    "import_cancel": ("/organize/forum/import/{upload}/cancel/", POST_ONLY),
    "import_result": ("/organize/forum/import/{upload}/result/", MAY_READ),
    "import_delete": ("/organize/forum/import/{upload}/delete/", POST_ONLY),
    "webhooks": ("/organize/forum/webhooks/", MAY_READ),
    "webhook_new": ("/organize/forum/webhooks/new/", MAY_CHANGE),
    "webhook": ("/organize/forum/webhooks/{webhook}/", MAY_READ),
    "webhook_edit": ("/organize/forum/webhooks/{webhook}/edit/", MAY_CHANGE),
    "webhook_delete": ("/organize/forum/webhooks/{webhook}/delete/", MAY_CHANGE),
    "webhook_test": ("/organize/forum/webhooks/{webhook}/test/", POST_ONLY),
    "webhook_pause": ("/organize/forum/webhooks/{webhook}/pause/", POST_ONLY),
    "webhook_resume": ("/organize/forum/webhooks/{webhook}/resume/", POST_ONLY),
    "webhook_rotate": ("/organize/forum/webhooks/{webhook}/rotate/", POST_ONLY),
    "webhook_again": ("/organize/forum/webhooks/{webhook}/again/", POST_ONLY),
    "webhook_delivery": ("/organize/forum/webhooks/deliveries/{delivery}/", MAY_READ),
    "webhook_delivery_again": ("/organize/forum/webhooks/deliveries/{delivery}/again/", POST_ONLY),
}
FILES = ["session_names", "import_template", "export_archive", "draft_proof"]
# For whoever may change, and yet nothing is sent to them.
READ_ONLY = [*FILES, "rehearsal", "publish_samples", "emergency_people", "emergency_samples", "import_progress"]
CHANGING = [
    name for name, (_path, answers) in PAGES.items() if answers in (MAY_CHANGE, POST_ONLY) and name not in READ_ONLY
]
NO_PAGES = [name for name, (_path, answers) in PAGES.items() if answers == POST_ONLY]
FRAMES = ["message_html", "announcement_html", "template_html"]
PARTS = ["progress", "search_progress", "emergency_part", "archive_progress"]
FOR_PROGRAMS = [name for name in PAGES if name.endswith("_json")]


def path_of(name: str, desk: Desk, message: Message) -> str:
    """Where one page is. Whoever asks for several takes them from `paths_of`."""
    return paths_of(desk, message)[name]


def paths_of(desk: Desk, message: Message) -> dict[str, str]:
    """Where each page is. What the addresses name is made on the way, once."""
    return addresses(
        draft=desk.draft.pk,
        message=message.uid,
        registration=present(message.registration).uid,
        announcement=announcement(desk).uid,
        sent=announcement(desk, state="sending").uid,
        suppression=suppression(present(message.participant).email).pk,
        webhook=delivery(desk).subscription.uid,
        delivery=delivery(desk).uid,
        search=search(desk).pk,
        emergency=emergency(desk).pk,
        room=desk.hall.pk,
        talk=desk.talk.pk,
        group=(desk.conference.session_groups.first() or desk.conference.session_groups.create(same="time")).pk,
        kind=desk.talk.kind_id,
        somebody=person(desk).pk,
        theme=(desk.conference.themes.first() or make_theme(desk.conference)).pk,
        body=(desk.conference.bodies.first() or make_body(desk.conference)).pk,
        absence=absence(desk).pk,
        upload=upload(desk).pk,
        archive=archive(desk).uid,
        importing=importing(desk).pk,
        person=person(desk).code,
        member=desk.team.memberships.get(user=desk.bob).pk,
        invited=invited(desk).pk,
    )


def addresses(**named: object) -> dict[str, str]:
    return {name: path.format(**named) for name, (path, _answers) in PAGES.items()}


def person(desk: Desk) -> Person:
    """Who appears in every session."""
    found = desk.conference.people.first() or make_person(desk.conference)
    for session in desk.conference.sessions.exclude(roles__person=found):
        session.roles.create(person=found, role="speaker")
    return found


def invited(desk: Desk) -> TeamInvitation:
    """Somebody who is to come into the team."""
    until = timezone.now() + timedelta(days=1)
    made, _created = TeamInvitation.objects.get_or_create(
        team=desk.team, email="invited@example.org", defaults={"expires_at": until}
    )
    return made


def absence(desk: Desk) -> Unavailability:
    """A time for which the hall is closed."""
    times = {"starts_at": at(desk.conference, "12:00"), "ends_at": at(desk.conference, "13:00")}
    made, _created = Unavailability.objects.get_or_create(
        conference=desk.conference, room=desk.hall, defaults=times | {"reason": PAYLOAD}
    )
    return made


def upload(desk: Desk) -> ProgrammeUpload:
    """A table of one session that is there, and one that is not."""
    content = b"title,minutes\nTalk,60\nTea,30\n"
    made, _created = ProgrammeUpload.objects.get_or_create(
        conference=desk.conference, file_name=PAYLOAD[:60], format="table", defaults={"content": content}
    )
    return made


def archive(desk: Desk) -> WholeArchive:
    """One that can be taken."""
    ready = {"state": "ready", "ready_at": timezone.now(), "content": b"PK", "size": 2}
    made, _created = WholeArchive.objects.get_or_create(conference=desk.conference, defaults=ready)
    return made


def importing(desk: Desk) -> ProgrammeUpload:
    """Another file, which is being imported."""
    made, _created = ProgrammeUpload.objects.get_or_create(
        conference=desk.conference, file_name=f"2 {PAYLOAD[:60]}", format="table", defaults={"content": b"title\n"}
    )
    about = {"actor": str(SYSTEM), "version": "", "language": "en"}
    made.runs.get_or_create(state="running", phase="write", dealt=1, total=3, defaults=about)
    return made


def search(desk: Desk) -> SolverRun:
    """One that is under way."""
    made, _created = SolverRun.objects.get_or_create(conference=desk.conference, actor=SYSTEM, state="running")
    return made


def emergency(desk: Desk) -> SolverRun:
    """The repair of the release that has the talk in the hall, with a room lost; nothing has to move."""
    step = {"do": "room_lost", "whom": "HALL", "starts_at": "2037-06-01T12:00Z", "ends_at": "2037-06-01T13:00Z"}
    made, _created = SolverRun.objects.get_or_create(
        conference=desk.conference,
        purpose="emergency",
        release=desk.release,
        defaults={"actor": str(SYSTEM), "state": "done", "assumed": [step]},
    )
    return made


def announcement(desk: Desk, state: str = "draft", number: int = 0) -> Announcement:
    begun = {} if state == "draft" else {"due_at": desk.talk.conference.origin, "started_at": desk.conference.origin}
    made, _created = Announcement.objects.get_or_create(
        conference=desk.conference,
        state=state,
        planned=number,
        defaults=begun
        | {
            "texts": {"en": {"subject": f"News {number} of the forum", "body": "Come all"}},
            "registration_states": ["accepted"],
        },
    )
    return made


def delivery(desk: Desk) -> WebhookDelivery:
    """A delivery that has failed, of the one webhook."""
    subscription, _created = WebhookSubscription.objects.get_or_create(
        conference=desk.conference, name=PAYLOAD, url="https://hooks.example.org/", verbs=["room.closed"]
    )
    made, _created = WebhookDelivery.objects.get_or_create(
        subscription=subscription, journal_entry_id=1, verb="room.closed", body="{}", state="failed"
    )
    return made


def suppression(address: str) -> Suppression:
    made, _created = Suppression.objects.get_or_create(address=address.lower(), reason="refused", answer="550 no")
    return made


@pytest.fixture
def message(desk: Desk) -> Message:
    registration = make_registration(desk.conference)
    return Message.objects.create(
        conference=desk.conference,
        participant=registration.participant,
        registration=registration,
        kind="registration_confirmed",
        dedup_key="test",
        state=Message.State.FAILED,
        last_answer="550 no",
    )


def test_every_page_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(PAGES)


def test_pages_open_to_their_readers_only_and_are_kept_nowhere(
    desk: Desk, message: Message, alice: Client, bob: Client, charlie: Client, client: Client
) -> None:
    paths = paths_of(desk, message)
    visitors = (alice, bob, charlie, client)
    answers = {name: [one.get(path) for one in visitors] for name, path in paths.items()}
    assert {name: tuple(one.status_code for one in given) for name, given in answers.items()} == {
        name: expected for name, (_path, expected) in PAGES.items()
    }
    for name in set(PAGES) - set(NO_PAGES):
        assert answers[name][0]["Cache-Control"] == "private, no-store", name


def test_only_those_who_may_change_can_send(
    desk: Desk, message: Message, bob: Client, charlie: Client, client: Client
) -> None:
    paths = paths_of(desk, message)
    for name in CHANGING:
        path = paths[name]
        answers = [one.post(path).status_code for one in (bob, charlie, client)]
        assert (name, answers) == (name, [404, 404, 302])
        assert client.post(path)["Location"] == f"/accounts/login/?next={quote(path)}"


def test_what_belongs_to_another_conference_is_not_found(desk: Desk, message: Message, charlie: Client) -> None:
    paths = [
        f"/organize/elsewhere/drafts/{desk.draft.pk}/",
        f"/organize/elsewhere/drafts/{desk.draft.pk}/publish/",
        f"/organize/elsewhere/drafts/{desk.draft.pk}/sessions/TALK/",
        "/organize/elsewhere/releases/1/",
        "/organize/elsewhere/sessions/TALK/",
        "/organize/elsewhere/sign-ups/TALK/",
        f"/organize/elsewhere/registrations/{present(message.registration).uid}/",
        "/organize/elsewhere/sign-ups/TALK/names.csv",
        f"/organize/elsewhere/outbox/{message.uid}/",
        f"/organize/elsewhere/outbox/{message.uid}/html/",
        f"/organize/elsewhere/announcements/{announcement(desk).uid}/",
        f"/organize/elsewhere/announcements/{announcement(desk).uid}/html/en/",
        f"/organize/elsewhere/announcements/{announcement(desk).uid}/edit/",
        f"/organize/elsewhere/announcements/{announcement(desk).uid}/discard/",
        f"/organize/elsewhere/announcements/{announcement(desk, state='sending').uid}/progress/",
    ]
    assert [charlie.get(path).status_code for path in paths] == [404] * len(paths)
    suppression(present(message.participant).email)
    for path in (
        "",
        "programme/",
        "sessions/",
        "conflicts/",
        "registrations/",
        "sign-ups/",
        "outbox/",
        "journal/",
        "announcements/",
        "wordings/",
        "suppressions/",
    ):
        html = charlie.get(f"/organize/elsewhere/{path}").content.decode()
        assert [
            word for word in ("Talk", "Work", "Forum<", present(message.participant).email, "News") if word in html
        ] == []


def test_what_belongs_to_another_conference_is_not_changed(desk: Desk, message: Message, charlie: Client) -> None:
    draft, sending = announcement(desk), announcement(desk, state="sending")
    entry = suppression(present(message.participant).email)
    paths = [
        *(f"outbox/{message.uid}/{verb}/" for verb in ("retry", "withhold", "release")),
        *(f"announcements/{draft.uid}/{verb}/" for verb in ("edit", "test", "send", "discard", "unschedule")),
        f"announcements/{sending.uid}/stop/",
        f"suppressions/{entry.pk}/lift/",
    ]
    answers = [charlie.post(f"/organize/elsewhere/{path}", {"now": "1", "version": "0"}).status_code for path in paths]
    assert answers == [404] * len(paths)
    assert sorted(Announcement.objects.values_list("state", flat=True)) == ["draft", "sending"]
    entry.refresh_from_db()
    message.refresh_from_db()
    assert (entry.lifted_at, message.state) == (None, Message.State.FAILED)


def test_lists_name_ones_own_conferences(alice: Client, charlie: Client) -> None:
    assert "Elsewhere" not in alice.get("/organize/").content.decode()
    assert "Forum" not in charlie.get("/organize/").content.decode()


def test_hostile_text_stays_text_everywhere(desk: Desk, message: Message, alice: Client) -> None:
    bad = both(PAYLOAD)
    for row, names in (
        (desk.conference, ["name", "theme"]),
        (desk.talk, ["title"]),
        (desk.draft, ["name"]),
    ):
        for name in names:
            setattr(row, name, PAYLOAD if name == "name" and row is desk.draft else bad)
        row.save()
    rename_room(desk.hall, name=bad, actor=SYSTEM)
    make_room(desk.conference, name=bad)
    registration = make_registration(desk.conference, display_name=PAYLOAD, affiliation=PAYLOAD)
    signup = sign_up(registration, desk.talk, actor=SYSTEM)
    message.registration, message.signup, message.kind = registration, signup, "place_confirmed"
    message.subject = message.last_answer = PAYLOAD
    message.save()
    desk.alice.name = PAYLOAD
    desk.alice.save()
    with transaction.atomic():
        edited = a_fact("session.edited", conference_id=desk.conference.pk, subject_id=desk.talk.pk)
        record(edited, actor=Actor.organizer(desk.alice.pk))
    for state in ("draft", "sending"):
        one = announcement(desk, state=state)
        one.texts = {"en": {"subject": PAYLOAD, "body": PAYLOAD}}
        one.save()
    MailTemplate.objects.create(
        conference=desk.conference, kind="place_confirmed", language="en", subject=PAYLOAD, body=PAYLOAD
    )
    Suppression.objects.create(address=PAYLOAD.lower(), reason="refused", answer=PAYLOAD)
    Suppression.objects.filter(address=present(message.participant).email).update(answer=PAYLOAD)
    paths = paths_of(desk, message)
    for name in set(PAGES) - {"new_conference", *FILES, *PARTS, *NO_PAGES, *FOR_PROGRAMS}:
        html = alice.get(paths[name]).content.decode()
        assert "<img" not in html, name
        assert "<script>" not in html, name
        assert "&lt;script&gt;alert(1)" in html, name


@pytest.mark.parametrize("language", ["en", "ko"])
def test_pages_speak_the_readers_language(desk: Desk, message: Message, alice: Client, language: str) -> None:
    paths = paths_of(desk, message)
    for name in set(PAGES) - {*FILES, *PARTS, *NO_PAGES, *FRAMES, *FOR_PROGRAMS}:
        html = alice.get(paths[name], headers={"accept-language": language}).content.decode()
        assert f'<html lang="{language}">' in html
