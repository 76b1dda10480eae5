"""Addresses of calendars. The secret ones stand apart from the public ones, which lie below their conference."""

from django.urls import path

app_name = "notifications"

urlpatterns: list = []
