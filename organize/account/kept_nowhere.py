"""Pages about accounts are kept in no cache: they show seeds, codes and addresses."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control


class AccountsKeptNowhere:
    """For every page below /accounts/, whichever library it is of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._below = reverse("account_login").removesuffix("login/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.path_info.startswith(self._below):
            patch_cache_control(response, private=True, no_store=True)
        return response
