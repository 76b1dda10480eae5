"""The product's settings with the addresses of these tests."""

from config.settings import *  # noqa: F403  # all of them, that is the point

ROOT_URLCONF = "tests.notifications.urls"
