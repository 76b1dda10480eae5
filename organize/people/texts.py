"""What the conference publishes about itself: privacy notice, code of conduct, contact, imprint."""

from __future__ import annotations

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organize.access import Desk, for_team
from organize.people.text_form import TextForm
from schedule.domain.programme.conference_texts import (
    TextChangedError,
    missing_for_registration,
    newest_texts,
    publish_text,
    text_of,
)
from schedule.models import ConferenceText

SECTION = "registrations"


@require_safe
@for_team()
def texts(desk: Desk) -> HttpResponse:
    """Which texts there are, in which version, and what registration still needs."""
    newest = newest_texts(desk.conference)
    context = {
        "rows": [(kind, newest.get(kind)) for kind in ConferenceText.Kind],
        "missing": missing_for_registration(desk.conference),
    }
    return desk.page("organize/people/texts.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def text(desk: Desk, kind: str) -> HttpResponse:
    """Write the next version of a text, in every language of the conference."""
    if kind not in ConferenceText.Kind.values:
        raise Http404
    newest = text_of(desk.conference, kind)
    version = newest.version if newest else 0
    initial = {"body": newest.body if newest else None, "seen": version}
    posted = desk.request.POST if desk.request.method == "POST" else None
    form = TextForm(posted, initial=initial, languages=desk.conference.languages)
    status = 200
    if form.is_valid():
        try:
            publish_text(
                desk.conference,
                kind,
                form.cleaned_data["body"],
                seen=form.cleaned_data["seen"],
                actor=desk.actor,
                now=timezone.now(),
            )
        except TextChangedError:
            status = 409
            form = form.after(version)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            notices.success(desk.request, _("Published. Whoever registers from now on agrees to this version."))
            return redirect("organize:texts", desk.conference.slug)
    context = {"form": form, "kind": ConferenceText.Kind(kind), "newest": newest}
    if form.errors:
        status = 422 if status == 200 else status
    return desk.page("organize/people/text.html", SECTION, context, status=status)
