"""Headers of mails, as bytes: read by a foreign parser (postal-mime), and the same from every Python."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.calendars.headers import TEXTS, UNSUBSCRIBE, mail
from tests.contract.calendars.parsers import Answering

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@pytest.mark.parametrize("text", TEXTS)
def test_a_foreign_parser_reads_what_was_meant(text: str, node: Answering) -> None:
    seen = node.ask(mail(text).as_bytes(), parser="postal-mime")
    assert seen["subject"] == text
    # This one shows a row of blanks in a name as a single one.
    name = " ".join(text.split())
    assert seen["from"] == {"address": "calendar@forum.example.org", "name": name}
    assert seen["to"]["name"] == name
    assert seen["headers"]["list-unsubscribe"] == UNSUBSCRIBE


@pytest.mark.parametrize("text", TEXTS)
def test_headers_keep_to_rfc_5322_and_2047(text: str) -> None:
    head = mail(text).as_bytes().partition(b"\r\n\r\n")[0]
    lines = head.decode("ascii").split("\r\n")
    # A line holds something, the first of a header its name and the beginning of its value.
    assert [line for line in lines if not re.fullmatch(r"(?:[A-Za-z-]+:)? {1,3}\S.*", line)] == []
    assert max(map(len, lines)) <= 998
    # One line can be longer than it should be only where it is one word.
    assert [line for line in lines if len(line) > 78 and len(line.split()) > 2] == []
    words = re.findall(r"=\?[^?]+\?[bqBQ]\?[^? ]*\?=", head.decode("ascii"))
    assert [word for word in words if len(word) > 75] == []
    # An address is no text: nothing encodes it (RFC 2047 5 (3)).
    assert f"List-Unsubscribe: {UNSUBSCRIBE}" in lines


def test_every_python_writes_the_same_bytes() -> None:
    root = Path(__file__).parents[3]
    code = (
        "import sys; from tests.contract.calendars.headers import TEXTS, mail;"
        "sys.stdout.buffer.write(b'--'.join(mail(text).as_bytes() for text in TEXTS))"
    )
    ours = b"--".join(mail(text).as_bytes() for text in TEXTS)
    asked = {}
    for version, program in {"here": sys.executable, **found_pythons()}.items():
        done = subprocess.run([program, "-c", code], cwd=root, capture_output=True, timeout=60, check=True)
        asked[version] = done.stdout == ours
    assert asked == dict.fromkeys(asked, True)


def found_pythons() -> dict[str, str]:
    """Those that are on the machine and run: a version manager has a name also for what it does not run."""
    named = {version: program for version in PYTHONS if (program := shutil.which(f"python{version}"))}
    return {
        version: program
        for version, program in named.items()
        if subprocess.run([program, "-c", ""], capture_output=True, timeout=60, check=False).returncode == 0
    }
