"""Having typst set a template from words.

What people wrote reaches typst as JSON and is set as text: markup and code in it are ordinary characters. The engine
reads the folder of the template and nothing else, and no template imports a package, so it opens no connection.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from schedule.exchange.writers.printed.typefaces import Typefaces

logger = logging.getLogger(__name__)
# What PDF and typst take for a language (ISO 639).
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


def code_of_language(language: str) -> str:
    """The language as the template names it to those who read the file aloud: "ko" of "ko-KR"."""
    spoken = language.partition("-")[0].lower()
    return spoken if _LANGUAGE.match(spoken) else "en"


def typeset(template: Path, words: Mapping[str, Any], faces: Typefaces, moment: datetime, name: str) -> bytes:
    """A file in PDF/UA-1 (tagged for screen readers), dated `moment`: the same bytes for the same words.

    `name` is what the log calls the programme.
    """
    compiler = typst.Compiler(
        template,
        root=template.parent,
        font_paths=faces.fonts,
        ignore_system_fonts=True,
        sys_inputs={"programme": json.dumps(words, ensure_ascii=False)},
    )
    stamp = int(moment.timestamp())
    try:
        pdf = compiler.compile(pdf_standards=["ua-1"], timestamp=stamp)
    except typst.TypstError as error:
        # A text that no face could set after all. Without the standard a box is drawn for it; people have their file.
        logger.error("The programme of %s is no PDF/UA: %s", name, error)  # noqa: TRY400  # it says all
        pdf = compiler.compile(timestamp=stamp)
    if not isinstance(pdf, bytes):
        raise TypeError("typst made several files of one document.")
    return pdf
