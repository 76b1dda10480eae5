"""What an entry may change is stored with it, instead of being read from its verb. Entries of before are looked at by
everybody: which of them changed what is published was told by three patterns that did not agree."""

from __future__ import annotations

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.handled_at IS NULL
       AND (NEW.id, NEW.at, NEW.verb, {} NEW.actor, NEW.data) = (OLD.id, OLD.at, OLD.verb, {} OLD.actor, OLD.data)
       AND NEW.conference_id IS NOT DISTINCT FROM OLD.conference_id
       AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The journal is append-only; entry % stays as it is.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_is_append_only';
END $$;
"""
CONCERNS = [
    ("programme", "the published programme"),
    ("timetable", "drafts, searches and rules"),
    ("place", "places"),
    ("person", "registrations and invitations"),
    ("delivery", "mails, calendars and webhooks"),
    ("team", "the team"),
]


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_index_of_programme")]

    operations = [
        migrations.AddField(
            "entry",
            "concerns",
            models.CharField(choices=CONCERNS, default="programme", max_length=10, verbose_name="concerns"),
            preserve_default=False,
        ),
        migrations.RunSQL(GUARD.format("NEW.concerns,", "OLD.concerns,"), GUARD.format("", "")),
        migrations.RemoveIndex("entry", "journal_of_programme"),
        migrations.AddIndex(
            "entry", models.Index(fields=["conference_id", "concerns", "-id"], name="journal_by_concern")
        ),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(
                condition=models.Q(concerns__in=[value for value, _ in CONCERNS]), name="journal_concern_is_known"
            ),
        ),
    ]
