import django.utils.timezone
from django.db import migrations, models

from journal import sql_files


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("conference_id", models.BigIntegerField(null=True, verbose_name="conference")),
                ("verb", models.CharField(max_length=60, verbose_name="verb")),
                (
                    "concerns",
                    models.CharField(
                        choices=[
                            ("programme", "the published programme"),
                            ("timetable", "drafts, searches and rules"),
                            ("place", "places"),
                            ("person", "registrations and invitations"),
                            ("delivery", "mails, calendars and webhooks"),
                            ("team", "the team"),
                        ],
                        max_length=10,
                        verbose_name="concerns",
                    ),
                ),
                ("actor", models.CharField(max_length=80, verbose_name="actor")),
                ("subject_id", models.BigIntegerField(null=True, verbose_name="subject")),
                ("data", models.JSONField(default=dict, verbose_name="data")),
                ("act", models.UUIDField(editable=False, null=True, verbose_name="act")),
                ("handled_at", models.DateTimeField(editable=False, null=True, verbose_name="handled at")),
            ],
            options={
                "verbose_name": "journal entry",
                "verbose_name_plural": "journal",
                "indexes": [
                    models.Index(
                        condition=models.Q(("handled_at__isnull", True)), fields=["id"], name="journal_unhandled"
                    ),
                    models.Index(fields=["conference_id", "-id"], name="journal_of_conference"),
                    models.Index(
                        condition=models.Q(("act__isnull", False)), fields=["act", "-id"], name="journal_of_act"
                    ),
                    models.Index(fields=["conference_id", "concerns", "-id"], name="journal_by_concern"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verb__regex", "^[a-z_]+\\.[a-z_]+$")),
                        name="journal_verb_reads_thing_dot_verb",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("concerns__in", ["programme", "timetable", "place", "person", "delivery", "team"])
                        ),
                        name="journal_concern_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Press",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("led_to", models.TextField(blank=True, verbose_name="led to")),
            ],
            options={
                "verbose_name": "press of a button",
                "verbose_name_plural": "presses of buttons",
                "indexes": [models.Index(fields=["at"], name="journal_press_by_age")],
            },
        ),
        *sql_files.load("journal", "journal_is_append_only"),
    ]
