"""Themes of sessions, where a session is joined online, and the identity of a conference's own calendar entry."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import i18nfield.fields
from django.db import migrations, models

import schedule.models.conference

# The entry's SEQUENCE rises by one with each change of what it says, and by nothing else (invariant 7).
ENTRY = """
CREATE FUNCTION schedule_keep_conference_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.uid <> OLD.uid THEN
        RAISE EXCEPTION 'Conference % keeps its uid.', OLD.slug
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'calendar_uid_never_changes';
    END IF;
    IF (NEW.name, NEW.venue, NEW.starts_on, NEW.ends_on)
       IS DISTINCT FROM (OLD.name, OLD.venue, OLD.starts_on, OLD.ends_on) THEN
        NEW.entry_sequence := OLD.entry_sequence + 1;
        NEW.entry_changed_at := date_trunc('second', clock_timestamp());
    ELSE
        NEW.entry_sequence := OLD.entry_sequence;
        NEW.entry_changed_at := OLD.entry_changed_at;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conference_entry_follows_its_conference BEFORE UPDATE ON schedule_conference
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_conference_entry();
"""
NO_ENTRY = """
DROP TRIGGER conference_entry_follows_its_conference ON schedule_conference;
DROP FUNCTION schedule_keep_conference_entry();
"""
WITHIN_ONE_CONFERENCE = """
DROP TRIGGER rows_stay_within_one_conference ON schedule_session;
CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_session
    NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'kind_id', 'schedule_kind', 'fixed_room_id', 'schedule_room'{theme});
"""
KEEP_CONFERENCE = """
CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_theme FOR EACH ROW
    WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("schedule", "0005_writing_to_people"),
    ]

    operations = [
        migrations.AddField("conference", "uid", models.UUIDField(null=True, editable=False)),
        migrations.RunSQL("UPDATE schedule_conference SET uid = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AlterField("conference", "uid", models.UUIDField(default=uuid.uuid4, unique=True, editable=False)),
        migrations.AddField("conference", "entry_sequence", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField(
            "conference",
            "entry_changed_at",
            models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunSQL(ENTRY, NO_ENTRY),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[schedule.models.conference.code_validator],
                        verbose_name="code",
                    ),
                ),
                ("name", i18nfield.fields.I18nCharField(max_length=120, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="themes", to="schedule.conference"
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ("position", "code"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["conference", "code"],
                        name="theme_code_is_unique_in_its_conference",
                        violation_error_message="There is a theme with this code.",
                    )
                ],
            },
        ),
        migrations.AddField(
            "session",
            "theme",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="schedule.theme",
                verbose_name="theme",
            ),
        ),
        migrations.AddField(
            "session",
            "online_url",
            models.URLField(
                blank=True,
                default="",
                max_length=500,
                validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                verbose_name="address to join online",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "session",
            models.CheckConstraint(
                condition=models.Q(
                    ("online_url", ""), ("online_url__regex", "^https?://[^[:space:][:cntrl:]]+$"), _connector="OR"
                ),
                name="session_is_joined_at_a_web_address",
                violation_error_message="Give an address that starts with https:// and has no blanks.",
            ),
        ),
        migrations.RunSQL(
            WITHIN_ONE_CONFERENCE.format(theme=", 'theme_id', 'schedule_theme'"),
            WITHIN_ONE_CONFERENCE.format(theme=""),
        ),
        migrations.RunSQL(KEEP_CONFERENCE, "DROP TRIGGER rows_keep_their_conference ON schedule_theme"),
    ]
