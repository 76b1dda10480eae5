"""The application that granian serves: Django behind what receives whole requests for it."""

from __future__ import annotations

from django.urls import get_resolver

from config.settled import settle
from config.wsgi import application as django
from ops import env
from ops.receiving.receiver import Receiver
from ops.receiving.sockets import end_unread

_ = get_resolver().url_patterns  # loads every page, which the first request would do
settle()
application = Receiver(django, threads=env.integer("WEB_THREADS", 4, minimum=1), at_first=end_unread)
