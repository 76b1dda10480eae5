"""The application that granian serves: Django behind what receives whole requests for it."""

from __future__ import annotations

from django.conf import settings

from config.wsgi import application as django
from ops.receiving.receiver import Receiver
from ops.receiving.sockets import end_unread

application = Receiver(django, threads=settings.WEB_THREADS, at_first=end_unread)
