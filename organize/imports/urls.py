"""Addresses of the pages of an import."""

from __future__ import annotations

from django.urls import path

from organize.imports import templates, views

START = "organize/<slug:slug>/import/"

urlpatterns = [
    path(START, views.imports, name="imports"),
    path(f"{START}template.xlsx", templates.template, name="import_template"),
    path("organize/<slug:slug>/export/archive.json", templates.archive, name="export_archive"),
    path(f"{START}<int:pk>/", views.reading, name="import_reading"),
    path(f"{START}<int:pk>/preview/", views.preview, name="import_preview"),
    path(f"{START}<int:pk>/progress/", views.progress, name="import_progress"),
    path(f"{START}<int:pk>/cancel/", views.cancel, name="import_cancel"),
    path(f"{START}<int:pk>/result/", views.result, name="import_result"),
    path(f"{START}<int:pk>/delete/", views.delete_upload, name="import_delete"),
]
