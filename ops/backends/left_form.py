"""Another language, chosen with something typed in a form of the page: the page in that language, with all of it.

What the language switch sends is no form for the page's view, which answers as if its page had been opened
(`website.left_forms` puts back what was typed). Comes after the middleware that checks the tokens of forms: nobody
else fills in a form for somebody. It is the innermost but for `Refusals`, so that those before it see what was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.datastructures import MultiValueDict

from ops.backends.refusals import Answer
from ops.backends.sent_form import SentForm
from website.left_forms import LEFT, SWITCH, LeftForm
from website.site import in_language


class LeftForms:
    """Pages whose language was switched with something typed in them. Nothing of it is kept, and nothing is done."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        left: LeftForm | None = getattr(request, LEFT, None)
        if left is None:
            return response
        # What comes before it takes it for what it is, and offers the same again where the session has ended meanwhile.
        request.method, request.POST = "POST", left.sent  # type: ignore[assignment]  # read once more
        if response.status_code == 405:
            # The page answered a form, at an address that is never opened: one press sends that form again.
            sent = SentForm.of(request)
            fields = [pair for pair in sent.fields if pair[0] != SWITCH]
            response = render(request, "left_form.html", {"sent": replace(sent, fields=fields)})
        patch_cache_control(response, private=True, no_store=True)
        return in_language(response, left.language)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: Any, _named: Any) -> None:
        """Have the view see a page that is opened, once the form's token has been found right."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False) or SWITCH not in request.POST:
            return
        language, _, form_id = request.POST[SWITCH].partition(" ")
        if language not in dict(settings.LANGUAGES):
            return
        setattr(request, LEFT, LeftForm(language, form_id, request.POST))
        translation.activate(language)
        request.LANGUAGE_CODE = language
        request.method, request.POST = "GET", QueryDict()
        request._files = MultiValueDict()  # type: ignore[attr-defined]  # nothing public forgets them
