"""What Celery runs, where and when. Tasks are only wake-ups: the truth stays in PostgreSQL."""

from __future__ import annotations

from config.settings.servers import REDIS_URL

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 5, "max_retries": 1,
}  # fmt: skip
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # a lost wake-up is replaced by the sweep; a repeated one would only cost time
# Well below the visibility time-out: no task is handed out again while it runs.
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
# KiB; a process that has grown beyond is replaced after its task.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000
CELERY_TASK_DEFAULT_QUEUE = "background"
CELERY_TASK_ROUTES = {
    # The journal's intake is the first half of a sign-in link's way, so it waits behind nothing slower than itself.
    "notifications.tasks.take_in_journal": {"queue": "urgent"},
    "notifications.tasks.deliver_urgent": {"queue": "urgent"},
    "notifications.tasks.deliver_bulk": {"queue": "bulk"},
    # How long these take, other people's servers say.
    "notifications.tasks.read_mailbox": {"queue": "outside"},
    "notifications.tasks.ask_mail_server": {"queue": "outside"},
    "notifications.tasks.send_webhooks": {"queue": "outside"},
    "schedule.tasks.search": {"queue": "searches"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "take in the journal": {"task": "notifications.tasks.take_in_journal", "schedule": 5.0, "options": {"expires": 5}},
    "deliver urgent messages": {
        "task": "notifications.tasks.deliver_urgent",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "deliver other messages": {
        "task": "notifications.tasks.deliver_bulk",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "deliver messages nobody waits for": {
        "task": "notifications.tasks.deliver_background",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "compose announcements": {
        "task": "notifications.tasks.compose_announcements",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "plan reminders": {"task": "notifications.tasks.plan_messages", "schedule": 60.0, "options": {"expires": 60}},
    "close waiting lines": {"task": "registration.tasks.close_lines", "schedule": 60.0, "options": {"expires": 60}},
    "expire offered places": {"task": "registration.tasks.expire_offers", "schedule": 60.0, "options": {"expires": 60}},
    "make webhooks": {"task": "notifications.tasks.make_webhooks", "schedule": 5.0, "options": {"expires": 5}},
    "send webhooks": {"task": "notifications.tasks.send_webhooks", "schedule": 10.0, "options": {"expires": 10}},
    "forget old deliveries": {"task": "notifications.tasks.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "read the mailbox": {
        "task": "notifications.tasks.read_mailbox",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "ask what the mail server takes": {
        "task": "notifications.tasks.ask_mail_server",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "find lost searches and imports": {
        "task": "schedule.tasks.find_lost",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "forget what has run out": {"task": "registration.tasks.forget", "schedule": 3600.0, "options": {"expires": 3600}},
}
