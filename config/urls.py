"""All addresses. Each app names its own; this file only puts them together."""

from django.contrib import admin
from django.urls import path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
