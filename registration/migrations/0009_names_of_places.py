"""A place carries the names of its room and venue; another name is a change of it (RFC 5545 3.8.7.4, invariant 7)."""

from django.db import migrations, models

# As calendars say it before this migration: no entry changes by it. The trigger would derive the rows anew.
FILL = """
UPDATE registration_seats seats SET room_name = room.name, venue = conference.venue
FROM schedule_room room, schedule_conference conference
WHERE room.id = seats.room_id AND conference.id = seats.conference_id;

ALTER TABLE registration_signup DISABLE TRIGGER signup_follows_its_seats;
UPDATE registration_signup signup
SET venue = conference.venue,
    room_name = coalesce((SELECT room.name FROM schedule_room room WHERE room.id = signup.room_id), '')
FROM registration_registration registration
JOIN schedule_conference conference ON conference.id = registration.conference_id
WHERE registration.id = signup.registration_id;
ALTER TABLE registration_signup ENABLE TRIGGER signup_follows_its_seats;
"""

DERIVE = """
CREATE OR REPLACE FUNCTION registration_derive_signup() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats registration_seats%ROWTYPE;
BEGIN
    SELECT * INTO seats FROM registration_seats WHERE session_id = NEW.session_id;
    NEW.during := seats.during;
    NEW.room_id := seats.room_id;
    NEW.title := coalesce(seats.title, '');
    NEW.online_url := coalesce(seats.online_url, '');
{copy}    NEW.exclusive := coalesce(seats.exclusive, true);
    IF TG_OP = 'INSERT' THEN
        NEW.sequence := 0;
        RETURN NEW;
    END IF;
    IF (NEW.uid, NEW.registration_id, NEW.session_id)
       IS DISTINCT FROM (OLD.uid, OLD.registration_id, OLD.session_id) THEN
        RAISE EXCEPTION 'A sign-up keeps its uid, registration and session.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'calendar_uid_never_changes';
    END IF;
    IF (NEW.during, NEW.room_id, NEW.title, NEW.online_url{new}, NEW.state = 'confirmed')
       IS DISTINCT FROM (OLD.during, OLD.room_id, OLD.title, OLD.online_url{old}, OLD.state = 'confirmed') THEN
        NEW.sequence := OLD.sequence + 1;
        NEW.changed_at := date_trunc('second', clock_timestamp());
    ELSE
        NEW.sequence := OLD.sequence;
        NEW.changed_at := OLD.changed_at;
    END IF;
    RETURN NEW;
END $$;
"""
NAMES = {
    "copy": "    NEW.room_name := coalesce(seats.room_name, '');\n    NEW.venue := coalesce(seats.venue, '');\n",
    "new": ", NEW.room_name, NEW.venue",
    "old": ", OLD.room_name, OLD.venue",
}

# Whoever renames a room or the venue past the domain functions is refused: nobody would be told.
FOLLOW = """
CREATE FUNCTION registration_check_location() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    IF TG_TABLE_NAME = 'registration_seats' THEN
        SELECT session.code INTO wrong
        FROM registration_seats seats
        JOIN schedule_session session ON session.id = seats.session_id
        JOIN schedule_conference conference ON conference.id = seats.conference_id
        JOIN schedule_room room ON room.id = seats.room_id
        WHERE seats.session_id = NEW.session_id
          AND (seats.room_name, seats.venue) IS DISTINCT FROM (room.name, conference.venue);
    ELSE
        SELECT string_agg(session.code, ', ' ORDER BY session.code) INTO wrong
        FROM registration_seats seats
        JOIN schedule_session session ON session.id = seats.session_id
        JOIN schedule_conference conference ON conference.id = seats.conference_id
        JOIN schedule_room room ON room.id = seats.room_id
        WHERE seats.conference_id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint
          AND (seats.room_name, seats.venue) IS DISTINCT FROM (room.name, conference.venue);
    END IF;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'The places of % do not follow the names of their room and venue.', wrong
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'places_follow_names_of_room_and_venue';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER places_follow_names_of_rooms AFTER UPDATE ON schedule_room
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.name <> NEW.name)
    EXECUTE FUNCTION registration_check_location('conference_id');
CREATE CONSTRAINT TRIGGER places_follow_names_of_venues AFTER UPDATE ON schedule_conference
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.venue <> NEW.venue)
    EXECUTE FUNCTION registration_check_location('id');
CREATE CONSTRAINT TRIGGER names_of_places_are_not_invented AFTER UPDATE ON registration_seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.room_id, OLD.room_name, OLD.venue) IS DISTINCT FROM (NEW.room_id, NEW.room_name, NEW.venue))
    EXECUTE FUNCTION registration_check_location();
"""
NOT_FOLLOW = """
DROP TRIGGER names_of_places_are_not_invented ON registration_seats;
DROP TRIGGER places_follow_names_of_venues ON schedule_conference;
DROP TRIGGER places_follow_names_of_rooms ON schedule_room;
DROP FUNCTION registration_check_location();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0008_online_addresses"),
        ("schedule", "0011_answers_and_help"),
    ]

    operations = [
        *[
            migrations.AddField(
                model, name, models.TextField(blank=True, default="", editable=editable), preserve_default=False
            )
            for model, editable in (("seats", True), ("signup", False))
            for name in ("room_name", "venue")
        ],
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(DERIVE.format(**NAMES), DERIVE.format(copy="", new="", old="")),
        migrations.RunSQL(FOLLOW, NOT_FOLLOW),
    ]
