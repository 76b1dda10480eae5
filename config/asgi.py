"""The application that granian serves: Django behind what receives whole requests for it."""

from __future__ import annotations

import sys

from config.wsgi import application as django
from ops import env
from ops.receiving.receiver import Receiver
from ops.receiving.sockets import end_unread

# Seconds a thread works before another may. The event loop has little to do, and must not wait long for its turn.
sys.setswitchinterval(0.001)

application = Receiver(django, threads=env.integer("WEB_THREADS", 4, minimum=1), at_first=end_unread)
