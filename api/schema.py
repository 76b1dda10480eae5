"""The API's description for programs, worked out once for each language: it follows from the code alone."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView


class SchemaOnce(SchemaGenerator):
    """Answers with what was worked out before: it takes a tenth of a second, and anybody may ask."""

    def get_schema(self, request: object = None, public: bool = False) -> dict[str, Any]:
        return described(get_language(), self.api_version)


@lru_cache(maxsize=2 * len(settings.LANGUAGES))  # languages and versions are asked for that do not exist
def described(_language: str | None, version: str | None) -> dict[str, Any]:
    """The schema in the language that is active, by which it is kept."""
    made: dict[str, Any] = SchemaGenerator(api_version=version).get_schema(public=True)  # type: ignore[no-untyped-call]  # has no types
    return made


class SchemaView(SpectacularAPIView):
    """What is public of it is all there is."""

    generator_class = SchemaOnce
