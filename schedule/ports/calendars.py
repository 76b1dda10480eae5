"""Calendar files of the published programme, which notifications write.

`settings.SCHEDULE_CALENDARS` names a callable that takes a conference and a language and returns the files by the code
of their session, the whole programme's under "".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from schedule.models import Conference


def calendar_files(conference: Conference, language: str) -> Mapping[str, bytes]:
    """Ask the declared callable."""
    ask = cast("Callable[[Conference, str], Mapping[str, bytes]]", import_string(settings.SCHEDULE_CALENDARS))
    return ask(conference, language)
