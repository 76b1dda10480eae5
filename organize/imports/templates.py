"""Files to take away: the table to fill in, and the archive of everything."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from organize.access import Desk, for_team
from schedule.exchange.readers.tables.columns import TARGETS, TEXTS
from schedule.exchange.readers.tables.labels import COLUMNS, SHEETS, Words
from schedule.exchange.writers.archive import archive_of
from schedule.exchange.writers.blank_tables import blank_xlsx
from schedule.models import Draft
from schedule.vocabulary.languages import own_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What programs know of sessions by, and people beside whom a sheet of their own stands.
_NOT_ASKED = {"key", "emails", "biographies", "affiliations", "end", "status"}
_REMARKS: Words = {
    "code": _("Names the row when the table is imported again. Letters, digits and hyphens; may stay empty."),
    "minutes": _("How long it is, in minutes: 45"),
    "day": _("2027-07-02. With a start and a room it is placed in a draft; without, the scheduler finds a place."),
    "start": _("On the clocks of the conference: 14:30"),
    "room": _("The name of a room. One that is not on the sheet of rooms is made, without seats."),
    "people": _("Names, apart by semicolons. Their addresses go on the sheet of people."),
    "hosts": _("Names of organisations, apart by semicolons."),
    "languages": _("Languages spoken: en, ko"),
    "interpretation": _("From a language to another: ko-en"),
    "sign": _("Codes of sign languages: KSL"),
    "captions": _("Languages of captions: ko"),
    "signup": _("open, limited or invitation"),
    "places": _("Empty: as many as the room has seats."),
    "kind": _("Such as Talk or Workshop. One that is new is made."),
    "theme": _("What several sessions are about. One that is new is made."),
    "features": _("Such as projector, apart by semicolons."),
    "email": _("Never published. Mails about the person’s sessions go there."),
    "country": _("Two letters: KR"),
    "biography": _("For organizers; not published."),
}


@require_safe
@for_team(changing=True)
def template(desk: Desk) -> HttpResponse:
    """The workbook, with headings in the language of the page."""
    sheets: dict[str, list[tuple[str, str]]] = {}
    for what, targets in TARGETS.items():
        columns: list[tuple[str, str]] = []
        for target in targets:
            if target in _NOT_ASKED:
                continue
            heading, remark = str(COLUMNS[target]), str(_REMARKS.get(target, ""))
            spoken = desk.conference.languages if target in TEXTS else [None]
            columns += [(f"{heading} ({own_name(code)})" if code else heading, remark) for code in spoken]
        sheets[str(SHEETS[what])] = columns
    response = HttpResponse(blank_xlsx(sheets), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{desk.conference.slug}-template.xlsx"'
    return response


@require_safe
@for_team(changing=True)
def archive(desk: Desk) -> HttpResponse:
    """Everything organizers keep of the programme, with people's addresses; the newest draft has the places."""
    draft = Draft.objects.filter(conference=desk.conference).first()
    response = HttpResponse(archive_of(desk.conference, draft), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{desk.conference.slug}-archive.json"'
    return response
