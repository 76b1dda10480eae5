"""A secret address belongs to a device: it has a name and a reminder of its own, and the day it was last read."""

import django.core.validators
from django.db import migrations, models

# Addresses that were only numbered keep their number as a name; the day of reading is the one in the conference's zone.
NAMES = """
UPDATE notifications_feedtoken token
SET name = numbered.number::text,
    last_read_on = (token.last_read_at AT TIME ZONE numbered.timezone)::date
FROM (
    SELECT one.id, conference.timezone, row_number() OVER (PARTITION BY one.registration_id ORDER BY one.id) AS number
    FROM notifications_feedtoken one
    JOIN registration_registration registration ON registration.id = one.registration_id
    JOIN schedule_conference conference ON conference.id = registration.conference_id
) numbered
WHERE numbered.id = token.id
"""
MOMENTS = "UPDATE notifications_feedtoken SET last_read_at = last_read_on"


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_recipients"),
    ]

    operations = [
        migrations.AddField(
            "feedtoken",
            "name",
            models.CharField(default="", max_length=60, verbose_name="name of the device"),
            preserve_default=False,
        ),
        migrations.AddField(
            "feedtoken",
            "alarm_minutes",
            models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(40320)],
                verbose_name="reminder",
            ),
        ),
        migrations.AddField(
            "feedtoken",
            "with_conference",
            models.BooleanField(default=False, verbose_name="the conference as an entry of its own"),
        ),
        migrations.AddField("feedtoken", "last_read_on", models.DateField(blank=True, null=True)),
        migrations.AlterField("feedtoken", "revoked_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(NAMES, MOMENTS),
        migrations.RemoveField("feedtoken", "last_read_at"),
        migrations.AddConstraint(
            "feedtoken",
            models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("registration", "name"),
                name="device_name_is_unique_among_a_persons_addresses",
                violation_error_message="You have a device with this name already.",
            ),
        ),
        migrations.AddConstraint(
            "feedtoken",
            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="device_has_a_name"),
        ),
        migrations.AddConstraint(
            "feedtoken",
            models.CheckConstraint(
                condition=models.Q(("alarm_minutes", None), ("alarm_minutes__lte", 40320), _connector="OR"),
                name="reminder_is_at_most_four_weeks_before",
            ),
        ),
    ]
