"""Importing as an organizer does it: upload, say how it is read, look, import, and once more."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from journal.actors import SYSTEM
from journal.models import Entry
from schedule.domain.programme.sessions import rename_session
from schedule.exchange.imports.runs import lifecycle as runs
from schedule.exchange.imports.runs.progress import Progress
from schedule.exchange.imports.worker import bring_in
from schedule.models import Draft, ImportRun, Person, Placement, ProgrammeUpload, RoomPart, Session
from tests.factories import at, both
from tests.organize.conftest import Desk
from tests.present import present

START = "/organize/forum/import/"
TABLE = (
    "Code;Titel;Dauer;Tag;Beginn;Raum;Referenten;E-Mail\r\n"
    "A1;Über Städte;45;1.6.2037;10:00;Hall;Ada Beispiel;ada@example.org\r\n"
    "A2;Frühstück;30;1.6.2037;08:00;Café;;\r\n"
)


def send(client: Client, content: str | bytes, name: str = "programme.csv") -> Any:
    data = content.encode("cp1252") if isinstance(content, str) else content
    return client.post(START, {"file": SimpleUploadedFile(name, data)})


def preview(client: Client, content: str | bytes = TABLE) -> str:
    """The address of the preview of an uploaded file."""
    send(client, content)
    return f"{START}{ProgrammeUpload.objects.latest('pk').pk}/preview/"


def ask(client: Client, address: str, **more: Any) -> ImportRun:
    """Have it imported; no worker has begun yet."""
    version = client.get(address).context["version"]
    asked = client.post(address, {"version": version, "which": "all"} | more)
    assert asked["Location"] == address.replace("preview", "progress")
    return ImportRun.objects.latest("pk")


def apply(client: Client, address: str, **more: Any) -> Any:
    """Have it imported by a worker, and look at how far it is."""
    run = present(runs.begin(ask(client, address, **more).pk, now=timezone.now()))
    bring_in(run, Progress())
    return client.get(address.replace("preview", "progress"))


def test_a_table_from_excel_becomes_sessions_rooms_and_people(desk: Desk, alice: Client) -> None:
    uploaded = send(alice, TABLE)
    pk = ProgrammeUpload.objects.get().pk
    assert uploaded["Location"] == f"{START}{pk}/"
    mapping = alice.get(uploaded["Location"])
    form = mapping.context["form"]
    held = [form.initial[name] for name in form.fields if name.startswith("column_")]
    names = ("code", "title", "minutes", "day", "start", "room", "people", "emails")
    assert held == [f"session.{name}" for name in names]
    sent = {name: form.initial.get(name, "") for name in form.fields}
    address = f"{START}{pk}/preview/"
    assert alice.post(uploaded["Location"], sent)["Location"] == address
    assert apply(alice, address)["Location"] == f"{START}{pk}/result/"
    made = Session.objects.get(code="A1")
    assert (made.title.localize("en"), made.duration_minutes, made.import_key) == ("Über Städte", 45, "code:A1")
    assert [(present(role.person).email, role.role) for role in made.roles.all()] == [("ada@example.org", "speaker")]
    draft = Draft.objects.get(origin__has_key="import")
    places = Placement.objects.filter(draft=draft).order_by("start").values_list("session__code", "room__code")
    assert list(places) == [("A2", "cafe"), ("TALK", "HALL"), ("A1", "HALL")]
    actors = set(Entry.objects.filter(verb="session.edited").values_list("actor", flat=True))
    assert actors == {f"organizer:{desk.alice.pk}"}
    assert Entry.objects.get(verb="import.applied").data == {
        "file": "programme.csv",
        "made": 4,
        "changed": 0,
        "placed": 2,
    }
    assert "A1" not in alice.get("/forum/").text  # a draft is nobody's business


def test_the_same_file_again_changes_nothing_and_another_updates(desk: Desk, alice: Client) -> None:
    apply(alice, preview(alice))
    again = alice.get(preview(alice))
    assert (again.context["ready"], again.context["counts"][2]) == (0, ("same", "Unchanged (6)"))
    address = preview(alice, TABLE.replace("Über Städte", "Neue Städte").replace("45", "60"))
    lines = alice.get(address).context["lines"]
    assert [(line.name, [(one.label, one.old, one.new) for one in line.differences]) for line in lines] == [
        ("Neue Städte", [("Title", "Über Städte", "Neue Städte"), ("Minutes", "45", "60"),
                         ("Time and room", "2037-06-01 10:00, Hall", "2037-06-01 10:00, Hall")]),
    ]  # fmt: skip
    apply(alice, address)
    assert (Session.objects.count(), Person.objects.count()) == (3, 1)
    assert [str(one.title) for one in Session.objects.filter(code="A1")] == ["Neue Städte"]


def test_an_edit_since_the_preview_is_not_overwritten(desk: Desk, alice: Client) -> None:
    address = preview(alice, "code,title,minutes\nTALK,Lecture,60\n")
    run = ask(alice, address)
    rename_session(desk.talk, title=both("Colloquium"), actor=SYSTEM)
    bring_in(present(runs.begin(run.pk, now=timezone.now())), Progress())
    met = alice.get(address.replace("preview", "progress"), follow=True)
    desk.talk.refresh_from_db()
    assert (met.redirect_chain, str(desk.talk.title)) == ([(address, 302)], "Colloquium")
    assert "Somebody has changed the conference since" in met.text
    assert "Colloquium" in met.text
    apply(alice, address)
    desk.talk.refresh_from_db()
    assert (str(desk.talk.title), desk.talk.title.localize("ko")) == ("Lecture", "Colloquium (한국어)")


def test_what_names_something_wrong_is_wrong_too(desk: Desk, alice: Client) -> None:
    address = preview(alice, f"code,title,minutes,track\nB1,One,30,{'x' * 121}\nB2,Two,30,Fine\n")
    lines = alice.get(f"{address}?state=wrong").context["lines"]
    assert [(line.name[:3], len(line.problems)) for line in lines] == [("xxx", 1), ("One", 1)]
    apply(alice, address)
    assert sorted(Session.objects.values_list("code", flat=True)) == ["B2", "TALK"]


def test_what_the_programme_refuses_is_said_and_nothing_is_imported(desk: Desk, alice: Client) -> None:
    """A circle that is in no file: it comes of choosing half of what would turn a joined room around."""
    rooms: list[dict[str, Any]] = [
        {"key": f"code:{code}", "code": code, "name": {"en": code}, "capacity": 5} for code in ("A", "B")
    ]
    data = {"format": "plenary-archive", "version": 1, "timezone": "Asia/Seoul", "room": rooms}
    rooms[0]["parts"] = ["code:B"]
    apply(alice, preview(alice, json.dumps(data).encode()))
    rooms[0]["parts"], rooms[1]["parts"] = [], ["code:A"]
    address = preview(alice, json.dumps(data).encode())
    page = alice.get(address)
    assert [(line.name, line.state) for line in page.context["lines"]] == [("A", "changed"), ("B", "changed")]
    half = {"which": "agreed", "entry": [page.context["lines"][1].id]}
    assert apply(alice, address, **half)["Location"] == address
    assert "A room cannot be a part of itself" in alice.get(address).text
    assert [part.part.code for part in RoomPart.objects.filter(room__code="A")] == ["B"]
    assert apply(alice, address)["Location"] == address.replace("preview", "result")
    parts = RoomPart.objects.filter(room__conference=desk.conference).values_list("room__code", "part__code")
    assert list(parts) == [("B", "A")]


def test_columns_are_remembered(desk: Desk, alice: Client) -> None:
    content = "Was;Wielange\r\nKaffee;20\r\n"
    address = send(alice, content)["Location"]
    sent = {"column_0_0": "session.title", "column_0_1": "session.minutes"}
    alice.post(address, sent)
    second = send(alice, content.replace("Kaffee", "Kuchen"))["Location"]
    assert second.endswith("/preview/")
    assert [line.name for line in alice.get(second).context["lines"] if line.about == "Session"] == ["Kuchen"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"column_0_0": "session.title", "column_0_1": "session.title"}, "Another column holds this already"),
        ({"column_0_0": "session.title", "column_0_1": "room.seats"}, "A sheet is about sessions, rooms or people"),
        ({"column_0_0": "session.nonsense"}, "is not on the list"),
        ({"minutes": "0"}, "At least 1, please"),
    ],
)
def test_columns_that_cannot_be_are_refused(desk: Desk, alice: Client, sent: dict[str, str], said: str) -> None:
    address = send(alice, "title,minutes\nTea,30\n")["Location"]
    answer = alice.post(address, sent)
    assert (answer.status_code, said in answer.text, ProgrammeUpload.objects.get().asked) == (422, True, {})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"  ", "The file is empty"),
        (b"", "This file is empty"),
        (b'{"a": 1}', "No program that we know"),
        (b"<a></a>", "No program that we know"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><schedule>&a;</schedule>', "document type"),
        (b"<schedule><day>", "This is not XML: line 1"),
        (b'{"schedule": ', "This is not JSON: line 1"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"title,minutes\n\x00\x00", "no text"),
    ],
)
def test_what_is_no_programme_is_refused_in_words(desk: Desk, alice: Client, content: bytes, said: str) -> None:
    answer = send(alice, content)
    assert (answer.status_code, said in answer.text, ProgrammeUpload.objects.count()) == (422, True, 0)


def test_the_template_comes_back_in_both_languages(desk: Desk, alice: Client) -> None:
    for language in ("en", "ko"):
        book = load_workbook(
            io.BytesIO(alice.get(f"{START}template.xlsx", headers={"accept-language": language}).content)
        )
        file = io.BytesIO()
        book.worksheets[0].append(["B1", "Bread", "빵"])
        book.save(file)
        form = alice.get(send(alice, file.getvalue(), "t.xlsx")["Location"]).context["form"]
        assert [name for name in form.fields if name.startswith("column_") and not form.initial[name]] == []


def test_others_reach_no_upload(desk: Desk, alice: Client, bob: Client, charlie: Client) -> None:
    address = preview(alice)
    foreign = address.replace("forum", "elsewhere")
    answers = [bob.get(address), bob.post(address), charlie.get(address), charlie.get(foreign), bob.get(START)]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert (Session.objects.count(), bob.post(f"{START}").status_code) == (1, 404)
    deleted = alice.post(address.replace("preview", "delete"))
    assert (deleted["Location"], ProgrammeUpload.objects.count()) == (START, 0)


def test_a_preview_costs_the_same_for_any_number_of_rows(desk: Desk, alice: Client) -> None:
    costs = []
    for rows in (1, 60):
        content = "title,minutes,room,speaker\n" + "".join(f"T{n},30,R{n},P{n}\n" for n in range(rows))
        address = preview(alice, content)
        with CaptureQueriesContext(connection) as queries:
            alice.get(address)
        costs.append(len(queries))
    assert costs == [9, 9]


def test_whoever_waits_sees_how_far_it_is_and_cancels(desk: Desk, alice: Client) -> None:
    address = preview(alice)
    entry = next(line.id for line in alice.get(address).context["lines"] if line.name == "Frühstück")
    run, progress = ask(alice, address, which="agreed", entry=[entry]), address.replace("preview", "progress")
    assert "Waiting for a worker" in alice.get(progress).text
    assert alice.get(address)["Location"] == progress  # nothing else can be agreed to meanwhile
    assert alice.post(address, {"version": "x", "which": "all"})["Location"] == progress
    begun = present(runs.begin(run.pk, now=timezone.now()))
    runs.beat(run.pk, phase="write", dealt=2, total=7, now=timezone.now())
    part = alice.get(f"{progress}?part")
    assert ("2 of 7" in part.text, "<html" in part.text) == (True, False)
    assert alice.post(progress.replace("progress", "cancel"))["Location"] == progress
    bring_in(begun, Progress())  # the worker has not noticed yet
    after = alice.get(progress, follow=True)
    assert (Session.objects.count(), ImportRun.objects.get().state) == (1, "stopped")
    assert "The import was cancelled, and nothing was imported." in after.text
    assert [line.name for line in after.context["lines"] if line.is_ticked] == ["Frühstück"]
    assert alice.get(f"{progress}?part")["HX-Redirect"] == address
    apply(alice, address)
    assert alice.get(f"{progress}?part")["HX-Redirect"] == address.replace("preview", "result")
    verbs = Entry.objects.filter(verb__startswith="import.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["import.uploaded", "import.asked", "import.cancelled", "import.asked", "import.applied"]
    assert Session.objects.filter(code="A2").exists()


def test_a_worker_that_ends_is_noticed_and_the_import_offered_again(desk: Desk, alice: Client) -> None:
    address = preview(alice)
    run = ask(alice, address)
    runs.begin(run.pk, now=timezone.now())
    assert runs.find_lost(now=timezone.now()) == 0
    assert runs.find_lost(now=timezone.now() + runs.SILENT + timedelta(seconds=1)) == 1
    after = alice.get(address.replace("preview", "progress"), follow=True)
    assert ("Nothing was imported; import it again." in after.text, after.context["ready"] > 0) == (True, True)
    assert apply(alice, address)["Location"] == address.replace("preview", "result")


WORDS = "Was;Wielange;Wo\r\nKaffee;20;Hall\r\n"
HELD = ["session.title", "session.minutes", "session.room"]


@pytest.mark.parametrize(
    ("content", "held", "new"),
    [
        ("Wo;Was;Wielange\r\nHall;Kuchen;30\r\n", None, []),  # in another order
        ("Was;Wielange\r\nKuchen;30\r\n", None, []),  # a column less
        ("WAS ; Wielange;Wo\r\nKuchen;30;Hall\r\n", None, []),  # other letters
        ("Was;Wielange;Wo;Speaker\r\nKuchen;30;Hall;Bo\r\n", [*HELD, "session.people"], ["column_0_3"]),
        ("Was;Dauerung;Wo\r\nKuchen;30;Hall\r\n", ["session.title", "", "session.room"], ["column_0_1"]),
        ("Was;Length;Wo;Wielange\r\nKuchen;;Hall;30\r\n",
         ["session.title", "", "session.room", "session.minutes"], ["column_0_1"]),
    ],
)  # fmt: skip
def test_a_heading_holds_what_it_held_wherever_it_stands(
    desk: Desk, alice: Client, content: str, held: list[str] | None, new: list[str]
) -> None:
    alice.post(send(alice, WORDS)["Location"], {f"column_0_{n}": one for n, one in enumerate(HELD)} | {"minutes": "15"})
    address = send(alice, content, "renamed.csv")["Location"]
    assert address.endswith("/preview/") == (not new)
    form = alice.get(address.replace("preview/", "")).context["form"]
    columns = [name for name in form.fields if name.startswith("column_")]
    assert [name for name in columns if "New: no earlier file" in form.fields[name].help_text] == new
    assert form.initial["minutes"] == 15
    if held is not None:
        assert [form.initial[name] for name in columns] == held
        alice.post(address, {name: form.initial[name] for name in columns} | {"minutes": "15"})
    preview = alice.get(address if not new else f"{address}preview/")
    assert [line.name for line in preview.context["lines"] if line.about == "Session"] == ["Kuchen"]


def test_a_place_while_its_room_is_closed_is_told(desk: Desk, alice: Client) -> None:
    hours = {"starts_at": at(desk.conference, "09:00"), "ends_at": at(desk.conference, "12:00")}
    desk.conference.unavailabilities.create(room=desk.hall, **hours)
    day = f"{desk.conference.starts_on:%Y-%m-%d}"
    rows = [f"In;30;{day};11:45;Hall", f"Free;30;{day};12:00;Hall", f"Elsewhere;30;{day};10:00;Attic"]
    address = preview(alice, "\n".join(["title;minutes;day;start;room", *rows]))
    told = {one.sentence: one.places for one in alice.get(address).context["told"]}
    closed = f"The room “Hall” is closed then ({day} 11:45). It was taken as it is."
    assert {sentence: places for sentence, places in told.items() if "closed" in sentence} == {closed: ["row 2"]}
