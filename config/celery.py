"""The Celery application. Tasks are only wake-ups: the truth stays in PostgreSQL."""

import os

from celery import Celery
from celery.signals import worker_process_init

from config.settled import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("plenary")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
worker_process_init.connect(settle)
