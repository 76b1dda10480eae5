"""What the database itself refuses about sign-ups.

* `seats.taken` is the number of confirmed and offered places, kept by a trigger; with the check constraint it
  never exceeds the capacity (invariant 1);
* `seats.capacity` equals min(own cap, room's seats - held seats) of the newest release whenever a transaction
  that touched any of them ends (invariant 1);
* a sign-up's time, room and title follow its seats, so the exclusion constraint compares true times (invariant 2);
* no transaction ends with a free place that somebody waiting could take (invariant 4);
* a calendar entry's UID never changes, its SEQUENCE rises by one with each change of time, place, title or
  status, and by nothing else (invariant 7);
* rows of one conference never point into another (invariant 8).
"""

from django.db import migrations

IDENTITY = """
CREATE FUNCTION registration_derive_signup() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats registration_seats%ROWTYPE;
BEGIN
    SELECT * INTO seats FROM registration_seats WHERE session_id = NEW.session_id;
    NEW.during := seats.during;
    NEW.room_id := seats.room_id;
    NEW.title := coalesce(seats.title, '');
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
    IF (NEW.during, NEW.room_id, NEW.title, NEW.state = 'confirmed')
       IS DISTINCT FROM (OLD.during, OLD.room_id, OLD.title, OLD.state = 'confirmed') THEN
        NEW.sequence := OLD.sequence + 1;
        NEW.changed_at := date_trunc('second', clock_timestamp());
    ELSE
        NEW.sequence := OLD.sequence;
        NEW.changed_at := OLD.changed_at;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signup_follows_its_seats BEFORE INSERT OR UPDATE ON registration_signup
    FOR EACH ROW EXECUTE FUNCTION registration_derive_signup();
"""

TAKEN = """
CREATE FUNCTION registration_holds(state text) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT (state IN ('confirmed', 'offered'))::int $$;

CREATE FUNCTION registration_count_taken() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change int := 0;
    session bigint;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        change := change + registration_holds(NEW.state);
        session := NEW.session_id;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        change := change - registration_holds(OLD.state);
        session := OLD.session_id;
    END IF;
    IF change <> 0 THEN
        UPDATE registration_seats SET taken = taken + change WHERE session_id = session;
        IF NOT FOUND AND change > 0 THEN
            RAISE EXCEPTION 'Session % has no seats on offer.', session
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'signups_never_exceed_capacity';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER taken_places_are_counted AFTER INSERT OR UPDATE OR DELETE ON registration_signup
    FOR EACH ROW EXECUTE FUNCTION registration_count_taken();

-- `taken` is written by the trigger above (depth 2 or more here), never by hand.
CREATE FUNCTION registration_keep_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'The number of taken places is counted, not set.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'taken_places_are_counted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER taken_places_are_not_set BEFORE UPDATE OF taken ON registration_seats
    FOR EACH ROW WHEN (OLD.taken <> NEW.taken) EXECUTE FUNCTION registration_keep_taken();
CREATE TRIGGER taken_places_start_at_none BEFORE INSERT ON registration_seats
    FOR EACH ROW WHEN (NEW.taken <> 0) EXECUTE FUNCTION registration_keep_taken();
"""

CAPACITY = """
-- The capacity each session of a conference has by its newest release; 0 where it is not on offer.
CREATE FUNCTION registration_true_capacity(conference bigint) RETURNS TABLE (session_id bigint, capacity int)
LANGUAGE sql STABLE AS $$
    SELECT session.id,
           CASE WHEN placement.id IS NULL OR session.state <> 'accepted' THEN 0
                ELSE greatest(0, least(session.capacity_cap, room.capacity - session.held_seats)) END
    FROM schedule_session session
    LEFT JOIN schedule_releasedplacement placement
           ON placement.session_id = session.id
          AND placement.release_id = (
              SELECT release.id FROM schedule_release release
              WHERE release.conference_id = conference ORDER BY release.number DESC LIMIT 1)
    LEFT JOIN schedule_room room ON room.id = placement.room_id
    WHERE session.conference_id = conference
$$;

CREATE FUNCTION registration_check_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- One session where only that one changed, else every session of the conference.
    only_session bigint := CASE TG_TABLE_NAME
        WHEN 'registration_seats' THEN (to_jsonb(NEW) ->> 'session_id')::bigint
        WHEN 'schedule_session' THEN (to_jsonb(NEW) ->> 'id')::bigint END;
    wrong text;
BEGIN
    IF only_session IS NOT NULL THEN
        SELECT session.code INTO wrong
        FROM registration_seats seats
        JOIN registration_true_capacity(NEW.conference_id) truth ON truth.session_id = only_session
        JOIN schedule_session session ON session.id = only_session
        WHERE seats.session_id = only_session AND seats.capacity <> truth.capacity;
    ELSE
        SELECT string_agg(session.code, ', ' ORDER BY session.code) INTO wrong
        FROM registration_seats seats
        JOIN registration_true_capacity(NEW.conference_id) truth USING (session_id)
        JOIN schedule_session session ON session.id = seats.session_id
        WHERE seats.capacity <> truth.capacity;
    END IF;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'The places of % do not follow the newest release.', wrong
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'capacity_follows_cap_room_and_held_seats';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER capacity_follows_room AFTER UPDATE OF capacity ON schedule_room
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.capacity <> NEW.capacity)
    EXECUTE FUNCTION registration_check_capacity();
CREATE CONSTRAINT TRIGGER capacity_follows_session AFTER UPDATE ON schedule_session
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.capacity_cap, OLD.held_seats, OLD.state) IS DISTINCT FROM (NEW.capacity_cap, NEW.held_seats, NEW.state))
    EXECUTE FUNCTION registration_check_capacity();
CREATE CONSTRAINT TRIGGER capacity_follows_release AFTER INSERT ON schedule_release
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registration_check_capacity();
CREATE CONSTRAINT TRIGGER capacity_is_not_invented AFTER UPDATE ON registration_seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.capacity <> NEW.capacity)
    EXECUTE FUNCTION registration_check_capacity();
CREATE CONSTRAINT TRIGGER capacity_is_not_invented_at_first AFTER INSERT ON registration_seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registration_check_capacity();
"""

PROMOTION = """
-- Somebody waiting who could take a free place, in this session or by this registration; NULL when there is nobody.
CREATE FUNCTION registration_passed_over(in_session bigint, by_registration bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT waiting.id
    FROM registration_signup waiting
    JOIN registration_seats seats ON seats.session_id = waiting.session_id
    JOIN registration_registration registration ON registration.id = waiting.registration_id
    WHERE waiting.state = 'waiting'
      AND (waiting.session_id = in_session OR waiting.registration_id = by_registration)
      AND seats.taken < seats.capacity
      AND registration.state IN ('accepted', 'checked-in')
      AND NOT EXISTS (
          SELECT 1 FROM registration_signup held
          WHERE held.registration_id = waiting.registration_id AND held.state = 'confirmed' AND held.exclusive
            AND seats.exclusive AND held.during && seats.during)
    LIMIT 1
$$;

CREATE FUNCTION registration_check_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_session bigint;
    by_registration bigint;
BEGIN
    IF TG_TABLE_NAME = 'registration_seats' THEN
        in_session := NEW.session_id;
    ELSIF TG_OP = 'DELETE' THEN
        in_session := OLD.session_id;
    ELSE
        in_session := NEW.session_id;
        by_registration := NEW.registration_id;
    END IF;
    IF registration_passed_over(in_session, by_registration) IS NOT NULL THEN
        RAISE EXCEPTION 'A place is free and somebody waiting could take it (session %).', in_session
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'free_place_goes_to_the_first_waiting';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER free_place_goes_on_when_new AFTER INSERT ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'waiting')
    EXECUTE FUNCTION registration_check_promotion();
CREATE CONSTRAINT TRIGGER free_place_goes_on_when_changed AFTER UPDATE ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state <> OLD.state OR NEW.during IS DISTINCT FROM OLD.during OR NEW.exclusive <> OLD.exclusive)
    EXECUTE FUNCTION registration_check_promotion();
CREATE CONSTRAINT TRIGGER free_place_goes_on_when_gone AFTER DELETE ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IN ('confirmed', 'offered'))
    EXECUTE FUNCTION registration_check_promotion();
CREATE CONSTRAINT TRIGGER free_place_goes_on_when_more AFTER UPDATE ON registration_seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.capacity > OLD.capacity)
    EXECUTE FUNCTION registration_check_promotion();
"""

WITHIN_ONE_CONFERENCE = {
    "registration_seats": ("conference_id", "-", "session_id", "schedule_session", "room_id", "schedule_room"),
    "registration_signup": ("registration_id", "registration_registration", "session_id", "schedule_session"),
    "registration_interest": ("registration_id", "registration_registration", "session_id", "schedule_session"),
}

BACKWARD = """
DROP TRIGGER free_place_goes_on_when_more ON registration_seats;
DROP TRIGGER free_place_goes_on_when_gone ON registration_signup;
DROP TRIGGER free_place_goes_on_when_changed ON registration_signup;
DROP TRIGGER free_place_goes_on_when_new ON registration_signup;
DROP FUNCTION registration_check_promotion();
DROP FUNCTION registration_passed_over(bigint, bigint);
DROP TRIGGER capacity_is_not_invented_at_first ON registration_seats;
DROP TRIGGER capacity_is_not_invented ON registration_seats;
DROP TRIGGER capacity_follows_release ON schedule_release;
DROP TRIGGER capacity_follows_session ON schedule_session;
DROP TRIGGER capacity_follows_room ON schedule_room;
DROP FUNCTION registration_check_capacity();
DROP FUNCTION registration_true_capacity(bigint);
DROP TRIGGER taken_places_start_at_none ON registration_seats;
DROP TRIGGER taken_places_are_not_set ON registration_seats;
DROP FUNCTION registration_keep_taken();
DROP TRIGGER taken_places_are_counted ON registration_signup;
DROP FUNCTION registration_count_taken();
DROP FUNCTION registration_holds(text);
DROP TRIGGER signup_follows_its_seats ON registration_signup;
DROP FUNCTION registration_derive_signup();
"""


def within_one_conference(table: str, arguments: tuple[str, ...]) -> migrations.RunSQL:
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    return migrations.RunSQL(
        f"CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON {table} "
        f"NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION plenary_same_conference({listed})",
        f"DROP TRIGGER rows_stay_within_one_conference ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial"), ("schedule", "0002_identity_and_releases")]
    operations = [
        migrations.RunSQL(IDENTITY + TAKEN + CAPACITY + PROMOTION, BACKWARD),
        *[within_one_conference(table, arguments) for table, arguments in WITHIN_ONE_CONFERENCE.items()],
    ]
