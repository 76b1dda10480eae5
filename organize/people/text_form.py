"""The form in which a text of the conference is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from schedule.domain.programme.conference_texts import LONGEST_TEXT
from schedule.vocabulary.languages import language_name
from values.forms import LinesFormField


class TextForm(forms.Form):
    """One box for each language of the conference; `cleaned_data["body"]` holds them by language, and with them what is
    written in languages that the conference has no more.
    """

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, initial: dict[str, Any], languages: Sequence[str]) -> None:
        self.languages = list(languages)
        self.first = initial
        super().__init__(data, initial={"seen": initial["seen"]})
        self.label_suffix = ""
        data = getattr(initial["body"], "data", None) or {}
        written: dict[str, str] = data if isinstance(data, dict) else {}
        self.hidden = {code: words for code, words in written.items() if code not in self.languages}
        for code in self.languages:
            self.fields[f"body_{code}"] = LinesFormField(
                label=_("Text in %(language)s") % {"language": language_name(code)},
                help_text=_("Markdown: # heading, **strong**, - list. Links are written out."),
                max_length=LONGEST_TEXT,
                initial=written.get(code, ""),
                error_messages={"required": _("Write the text in this language too: people choose their language.")},
                widget=forms.Textarea(attrs={"rows": 16, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        shown = {code: cleaned.get(f"body_{code}", "") for code in self.languages}
        return cleaned | {"body": self.hidden | shown}

    def after(self, seen: int) -> TextForm:
        """The same words, to be published after a version that somebody else has published meanwhile."""
        typed = {**self.data.dict(), "seen": str(seen)} if isinstance(self.data, QueryDict) else {**self.data}
        form = TextForm(typed, initial=self.first, languages=self.languages)
        said = _("Somebody else has published a version since you opened this page. Publishing again makes yours next.")
        form.add_error(None, said)
        return form
