"""What the API refuses beside its views: bodies that are too large, and what the database says no to."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import APIException, ParseError
from rest_framework.permissions import SAFE_METHODS

from values.database import CONFLICT, refusal_in

logger = logging.getLogger(__name__)


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = _("The body is too large.")


class RefusedByDatabase(APIException):
    """The sentence of a rule that the database keeps; nothing was changed."""


class RefusalHandler(ExceptionHandler):
    """Gives the one shape of errors also to what is refused outside of a view's own checks."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, SuspiciousOperation):
            return ParseError()
        request = self.context["request"]
        refusal = refusal_in(exc, is_change=request is None or str(request.method) not in SAFE_METHODS)
        if refusal is None:
            known: Exception = super().convert_known_exceptions(exc)
            return known
        logger.warning("the database refused %s: %s", type(self.context["view"]).__name__, refusal.cause)
        told = RefusedByDatabase(str(refusal.sentence), "conflict" if refusal.status == CONFLICT else "unprocessable")
        told.status_code = refusal.status
        return told
