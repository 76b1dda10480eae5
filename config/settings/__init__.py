"""Settings, a module for each topic. Everything that differs between installations comes from the environment.

See README, Configuration. A topic that needs another one's settings imports them from its module; Django reads them all
from here.
"""

from __future__ import annotations

import sys

from django.core.exceptions import ImproperlyConfigured

if sys.version_info < (3, 11):  # noqa: UP036  # pip can be told to ignore requires-python; the message must still come
    raise ImproperlyConfigured("Plenary needs Python 3.11 or newer.")

from config.settings.addresses import *
from config.settings.api import *
from config.settings.apps import *
from config.settings.defences import *
from config.settings.jobs import *
from config.settings.languages import *
from config.settings.logs import *
from config.settings.mail import *
from config.settings.people import *
from config.settings.servers import *
