"""What of a conference can be taken elsewhere, and the proof of a draft."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from organize.access import Desk, for_team
from schedule.domain.timetables.kept import Kept
from schedule.domain.timetables.queries import newest_release
from schedule.exchange.files.formats import EVERY, FILES, FORMATS
from schedule.exchange.files.proofs import AskedProof
from schedule.exchange.writers.printed.book import Paper
from schedule.models import Conference, Draft
from schedule.vocabulary.languages import own_name

SECTION = "exports"
_LISTED = 20
# When the page that waits for a proof asks again, in seconds.
ASK_AGAIN = 3


@dataclass(frozen=True)
class OfferedFile:
    """A row of the page: what a file is called, what it is for, and its links by language, or the one it has."""

    name: str | Promise
    use: str | Promise
    links: list[tuple[str | Promise, str]]


# What each file is, and what for: (name, use). The order is that of the page.
_USES: dict[str, tuple[str | Promise, str | Promise]] = {
    "book-a4.pdf": (_("Programme book, A4"), _("To print: timetables, abstracts, and who and what is where.")),
    "book-a5.pdf": (_("Programme book, A5"), _("Half the size, for a booklet.")),
    "book-a6.pdf": (_("Programme book, pocket (A6)"), _("For the pocket and for telephones.")),
    "pdf": (_("Programme (PDF)"), _("Short: timetable, list and abstracts on A4.")),
    "timetable.xlsx": (_("Timetable to print (XLSX)"), _("For the wall: a sheet for each day, rooms across.")),
    "xlsx": (_("Spreadsheet (XLSX)"), _("To sort and count: a row for each session, in every language.")),
    "site.zip": (_("Web pages (ZIP)"), _("A copy of the programme that opens from a folder or any web server.")),
    "txt": (_("Plain text"), _("For a terminal (curl) or a mail.")),
    "json": ("JSON", _("For apps that read frab or c3voc schedules.")),
    "xml": ("XML", _("For apps that read frab or Pentabarf schedules.")),
}


@require_safe
@for_team()
def exports(desk: Desk) -> HttpResponse:
    """Files of the newest release, proofs of drafts, and the way to archives."""
    conference = desk.conference
    context = {
        "files": [_offered(conference, name) for name in _USES],
        "release": newest_release(conference),
        "drafts": Draft.objects.filter(conference=conference).worked_on()[:_LISTED],
        "papers": [(paper.value, paper.value.upper()) for paper in Paper],
        "languages": [(code, own_name(code)) for code in conference.languages],
        "every": EVERY if len(conference.languages) > 1 else "",
    }
    return desk.page("organize/exports/exports.html", SECTION, context)


def _offered(conference: Conference, name: str) -> OfferedFile:
    address = (
        reverse("website:export", args=[conference.slug, name])
        if name in FORMATS
        else reverse("website:file", args=[conference.slug, name])
    )
    offered: list[tuple[str | Promise, str]] = [(own_name(code), code) for code in conference.languages]
    if name in FILES and FILES[name].takes_every and len(conference.languages) > 1:
        offered.append((_("All languages"), EVERY))
    called, use = _USES[name]
    return OfferedFile(called, use, [(label, f"{address}?{urlencode({'lang': code})}") for label, code in offered])


@require_safe
@for_team()
def draft_proof(desk: Desk, draft: int) -> HttpResponse:
    """A draft as a programme book, marked as a draft: `?paper=` and `?lang=` as for books that are published.

    It shows what everybody would see, were the draft published now. Of a large draft a worker makes it; meanwhile a
    page is answered (503) that asks again by itself.
    """
    found = get_object_or_404(Draft, pk=draft, conference=desk.conference)
    found.conference = conference = desk.conference
    asked = desk.request.GET
    paper, language = asked.get("paper", Paper.A4.value), asked.get("lang", conference.languages[0])
    if paper not in set(Paper) or (language != EVERY and language not in conference.languages):
        raise Http404
    proof = AskedProof(found, Paper(paper), language)
    content = None
    if proof.is_large:
        kept, name = Kept(), proof.name()
        content = proof.kept(name, kept)
        if content is None and not kept.is_away and proof.have_made(name):
            page = desk.page("organize/exports/proof_being_made.html", SECTION, {"draft": found}, status=503)
            page["Retry-After"] = page["Refresh"] = str(ASK_AGAIN)
            return page
    response = HttpResponse(content or proof.write(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{conference.slug}-draft-{found.pk}-{language}-{paper}.pdf"'
    return response
