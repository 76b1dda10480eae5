"""Django as a WSGI application: what config/asgi.py serves. A server that gives it a thread for a request that is
still on its way must stand behind one that does not."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
