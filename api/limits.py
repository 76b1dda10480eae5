"""How much one request to the API may ask, and how deep its body may go."""

from __future__ import annotations

import json
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
    """Reads JSON; what is nested deeper than Python follows is malformed like other bodies nobody can use.

    So is half of a pair of surrogates: it stands for no character (RFC 8259 8.2), and no answer could name it.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            read = super().parse(stream, media_type, parser_context)
            json.dumps(read, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The body has what stands for no character.")) from error
        return read


class BoundedPagination(LimitOffsetPagination):
    """Pages of a size that one answer can have."""

    max_limit = LARGEST_PAGE

    def get_offset(self, request: Request) -> int:
        return min(super().get_offset(request), LARGEST_OFFSET)
