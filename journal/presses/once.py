"""Forms that are sent twice, and done once: the second press leads to what came of the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256

from django.contrib import messages as notices
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.presses.marks import KEEP_PRESSES, pressed_once
from values.presses import SAME_PRESS

# For links that work once.
NEVER = timedelta(0)
# The token against forgery is masked anew for each page, so it numbers the page that a form stands on.
_NUMBER = "csrfmiddlewaretoken"


def done_once(
    request: HttpRequest,
    who: Actor | None,
    act: Callable[[], HttpResponse],
    *,
    numbered: timedelta = KEEP_PRESSES,
    unnumbered: timedelta = SAME_PRESS,
    leaves_fact: bool = True,
    again: Callable[[str], HttpResponse] | None = None,
) -> HttpResponse:
    """What `act` answers. Where they have sent the same before: on to where that led, with a word about it.

    The same is the same address, and the same values from the same page. Whoever opens the form again, or goes back
    and changes a word, makes another. What comes without a page's number is the same for a minute, or as long as is
    said; for links that work once it is a second try. What was refused was no press, nor is what only reads, or left no
    fact where it leaves one. The act is one transaction with its mark.

    `again` answers the second press instead, with where the first led.
    """
    if request.method != "POST":
        return act()
    answers: list[HttpResponse] = []

    def acted() -> str:
        answers.clear()
        for _name, file in _uploads(request):
            file.seek(0)  # whoever begins anew reads it from its start
        answers.append(act())
        return answers[0].url if isinstance(answers[0], HttpResponseRedirect) else ""

    within = numbered if _NUMBER in request.POST else unnumbered
    led_to = pressed_once(_key(request, who), acted, now=timezone.now(), within=within, leaves_fact=leaves_fact)
    if led_to is None:
        return answers[0]
    if again is not None:
        return again(led_to)
    notices.info(request, _("The button was pressed twice; it was done once."))
    return redirect(led_to)


def _key(request: HttpRequest, who: Actor | None) -> str:
    """Names the press, and lets nobody guess what was typed."""
    said = [str(who or ""), request.get_full_path()]
    said += [repr((name, values)) for name, values in sorted(request.POST.lists())]
    said += _files(request)
    return salted_hmac("journal.presses", "\n".join(said), algorithm="sha256").hexdigest()


def _files(request: HttpRequest) -> Iterator[str]:
    for name, file in _uploads(request):
        digest = sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        yield repr((name, file.name, digest.hexdigest()))


def _uploads(request: HttpRequest) -> Iterator[tuple[str, UploadedFile[bytes]]]:
    for name, files in request.FILES.lists():
        for file in files:
            yield name, file
