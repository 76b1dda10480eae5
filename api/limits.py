"""How much one request to the API may ask, and how deep its body may go."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

LARGEST_PAGE = 1000
# More rows than any list has; PostgreSQL counts no further than 2^63.
LARGEST_OFFSET = 2**31


class ShallowJSONParser(JSONParser):
    """Reads JSON; what is nested deeper than Python follows is malformed like other bodies nobody can use."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error


class BoundedPagination(LimitOffsetPagination):
    """Pages of a size that one answer can have."""

    max_limit = LARGEST_PAGE

    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), LARGEST_OFFSET)
