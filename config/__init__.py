"""Configuration of the whole: settings, addresses, processes. Imports everything; nothing imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
