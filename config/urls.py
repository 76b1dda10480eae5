"""All addresses. Each app names its own; this file only puts them together."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
