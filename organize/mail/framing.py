"""Showing a mail as mail programs do: in a frame of its own that may do nothing but be looked at."""

from __future__ import annotations

from typing import cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.views.decorators.clickjacking import xframe_options_sameorigin

from organize.access import View


def with_frame(view: View) -> View:
    """For pages that hold such a frame."""
    return cast("View", csp_update({"frame-src": [SELF]})(view))


def in_frame(view: View) -> View:
    """For the mail itself. Mails carry their styles in place; nothing is run, loaded or sent, whatever is in it.

    The policy comes with the answer, so that it also holds for somebody who opens the address without the frame.
    """
    policy = {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": [""],
    }
    return cast("View", xframe_options_sameorigin(csp(policy)(view)))
