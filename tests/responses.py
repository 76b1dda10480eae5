"""What a test client gives back, as a type to write down, and what stands in a mail."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import TYPE_CHECKING, Literal

from django.http import HttpResponse

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response
else:
    Response = HttpResponse

__all__ = ["Response", "mail_text", "squeezed"]


def mail_text(mail: EmailMessage, kind: Literal["plain", "html"] = "plain") -> str:
    """The mail's text of this kind; fails where it has none."""
    part = mail.get_body((kind,))
    assert part is not None, f"the mail has no {kind} text"
    text: str = part.get_content()
    return text


def squeezed(html: str) -> str:
    """The page without the white space that means nothing around its tags."""
    return re.sub(r"\s*([<>])\s*", r"\1", re.sub(r"\s+", " ", html))
