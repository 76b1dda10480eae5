"""Every rule of the live database has words, or is named as one that only our own code could break."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import translation
from psycopg import Error

from values.database import refusal_in
from values.rules.ours import OURS
from values.rules.words import WORDS

# What Django names by itself: a number without a sign, a column that is unique, a pair of a many-to-many field. Of
# these the kind of violation has words, and which row it was is nobody's business.
AUTOMATIC = re.compile(r"^[a-z]+_[a-z_0-9]+_(check|key|uniq)$")
RULES = """
SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x')
UNION
SELECT indexrelid::regclass::text FROM pg_index
WHERE indisunique AND NOT indisprimary AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
  AND (SELECT relnamespace FROM pg_class WHERE oid = indrelid) = 'public'::regnamespace
UNION
SELECT (regexp_matches(prosrc, 'CONSTRAINT = ''(\\w+)''', 'g'))[1] FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
"""
RAISED = """
SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc ~ 'RAISE EXCEPTION'
  AND (SELECT count(*) FROM regexp_matches(prosrc, 'RAISE EXCEPTION', 'g'))
   <> (SELECT count(*) FROM regexp_matches(prosrc, 'CONSTRAINT = ''', 'g'))
"""


class Refused(Error):
    """What PostgreSQL says, as far as it is looked at."""

    def __init__(self, name: str) -> None:
        super().__init__("refused")
        self._said = SimpleNamespace(constraint_name=name)

    @property
    def diag(self) -> Any:
        return self._said


def sentence(name: str) -> str:
    error = IntegrityError("refused")
    error.__cause__ = Refused(name)
    found = refusal_in(error)
    assert found is not None
    return str(found.sentence)


def named(query: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_rule_of_the_database_has_words() -> None:
    general = sentence("no such rule")
    found = {name for name in named(RULES) if not AUTOMATIC.match(name) or name in OURS}
    wordless = {name for name in found if sentence(name) == general}
    assert wordless == OURS
    assert set(WORDS) - found == set()


@pytest.mark.django_db
def test_every_exception_that_is_raised_names_its_rule() -> None:
    assert named(RAISED) == set()


def test_words_are_in_both_languages() -> None:
    english = {name: sentence(name) for name in WORDS}
    with translation.override("ko"):
        korean = {name: sentence(name) for name in WORDS}
    assert {name for name in WORDS if english[name] == korean[name]} == set()
    assert all(said.endswith("Nothing was changed.") for said in english.values())
