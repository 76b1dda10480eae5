"""A place carries the address to join online; a new address is a change of place (RFC 5545 3.8.7.4, invariant 7)."""

from django.db import migrations, models

DERIVE = """
CREATE OR REPLACE FUNCTION registration_derive_signup() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats registration_seats%ROWTYPE;
BEGIN
    SELECT * INTO seats FROM registration_seats WHERE session_id = NEW.session_id;
    NEW.during := seats.during;
    NEW.room_id := seats.room_id;
    NEW.title := coalesce(seats.title, '');
{copy}
    NEW.exclusive := coalesce(seats.exclusive, true);
    IF TG_OP = 'INSERT' THEN
        NEW.sequence := 0;
        RETURN NEW;
    END IF;
    IF (NEW.uid, NEW.registration_id, NEW.session_id)
       IS DISTINCT FROM (OLD.uid, OLD.registration_id, OLD.session_id) THEN
        RAISE EXCEPTION 'A sign-up keeps its uid, registration and session.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'calendar_uid_never_changes';
    END IF;
    IF (NEW.during, NEW.room_id, NEW.title{new}, NEW.state = 'confirmed')
       IS DISTINCT FROM (OLD.during, OLD.room_id, OLD.title{old}, OLD.state = 'confirmed') THEN
        NEW.sequence := OLD.sequence + 1;
        NEW.changed_at := date_trunc('second', clock_timestamp());
    ELSE
        NEW.sequence := OLD.sequence;
        NEW.changed_at := OLD.changed_at;
    END IF;
    RETURN NEW;
END $$;
"""
ONLINE = {
    "copy": "    NEW.online_url := coalesce(seats.online_url, '');",
    "new": ", NEW.online_url",
    "old": ", OLD.online_url",
}


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0007_mail_preferences"),
        ("schedule", "0006_themes_online_and_conference_entries"),
    ]

    operations = [
        migrations.AddField("seats", "online_url", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "signup", "online_url", models.TextField(blank=True, default="", editable=False), preserve_default=False
        ),
        migrations.RunSQL(DERIVE.format(**ONLINE), DERIVE.format(copy="", new="", old="")),
    ]
