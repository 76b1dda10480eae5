"""The application that granian serves: Django behind what receives whole requests for it."""

from __future__ import annotations

from config.wsgi import application as django
from ops import env
from ops.receiving.receiver import Receiver
from ops.receiving.sockets import end_unread

application = Receiver(django, threads=env.integer("WEB_THREADS", 4, minimum=1), at_first=end_unread)
