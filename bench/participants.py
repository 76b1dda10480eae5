"""The pages of a participant, and those on which people search and register, at the size of a congress.

The conference of `bench.organizers`: 1,080 sessions on 3 days, 5,000 people (BENCH_PEOPLE). The participant has four
places and five wishes, stands in one line, and looks through the sessions before the conference begins.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.organizers import PageCost, congress, cost_of, measured_rounds
from registration.models import Registration, SignUp
from schedule.models import Conference
from tests.fixtures.conferences import signed_in

NEEDS_DATABASE = True
