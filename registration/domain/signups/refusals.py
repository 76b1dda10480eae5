"""Why a place was not given: a code for programs, a sentence for people."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise

from registration.models import SignUp


class SignUpRefused(Exception):
    """A sign-up, swap or offer that the rules do not allow. Nothing was changed.

    `code` is one of: not-on-offer, by-invitation, not-registered, clash, full, not-offered, gone,
    too-often, closed.
    `clash` is the confirmed sign-up in the way, when that is the reason.
    """

    def __init__(self, code: str, message: str | Promise, *, clash: SignUp | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self._message = message
        self._params = params
        self.clash = clash

    @property
    def message(self) -> str:
        """The sentence, in the language active when it is read."""
        return str(self._message) % self._params if self._params else str(self._message)
