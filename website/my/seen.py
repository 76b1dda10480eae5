"""Forms that change what is kept of somebody hold a fingerprint of what they were opened on.

Where that is something else by now, because another tab has saved it or a text that is agreed to was replaced, nothing
is overwritten: the form comes back as it was typed, beside what is kept, to be looked at again.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac

from values.forms import LineFormField
from website.pages import posted

_FIELD = "reviewed"


class OpenedOn:
    """What a form is opened on: `held` as JSON can hold it. `is_stale` says that it was sent on something else.

    What is sent without any fingerprint comes from no page of ours, where somebody would have read anything.
    """

    def __init__(self, request: HttpRequest, *held: Any) -> None:
        text = json.dumps(held, sort_keys=True)
        self.fingerprint = salted_hmac("plenary.seen", text, algorithm="sha256").hexdigest()
        self.sent = posted(request)
        given = self.sent.get(_FIELD) if self.sent is not None else None
        self.is_stale = given is not None and not constant_time_compare(given, self.fingerprint)

    def data(self, agreements: Collection[str] = ()) -> QueryDict | None:
        """What the form is bound to. Of a stale one no agreement is taken: it was given to something else."""
        if self.sent is None or not self.is_stale:
            return self.sent
        typed = self.sent.copy()
        typed[_FIELD] = self.fingerprint
        for name in agreements:
            typed.pop(name, None)
        return typed

    def mark(self, form: forms.Form) -> None:
        """Have the form bring the fingerprint along."""
        form.fields[_FIELD] = LineFormField(max_length=64, widget=forms.HiddenInput, required=False)
        form.initial[_FIELD] = self.fingerprint
