"""Addresses of the public files. `website.schedule_urls` includes them in its namespace."""

from __future__ import annotations

from django.urls import path, register_converter

from website.files.views import FORMATS, export


class _Extension:
    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Extension, "export_extension")

urlpatterns = [path("<slug:slug>/schedule.<export_extension:extension>", export, name="export")]
