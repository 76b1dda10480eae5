-- Invariants 2 and 7. What a sign-up says of time, room and title is copied from its session's seats, so the exclusion
-- constraint nobody_is_confirmed_in_two_places_at_once compares true times. Its UID never changes; its SEQUENCE rises
-- by one with each change of time, place, title or status (RFC 5545 3.8.7.4), and by nothing else.

CREATE OR REPLACE FUNCTION registration_derive_signup() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats registration_seats%ROWTYPE;
BEGIN
    SELECT * INTO seats FROM registration_seats WHERE session_id = NEW.session_id;
    NEW.during := seats.during;
    NEW.room_id := seats.room_id;
    NEW.title := coalesce(seats.title, '');
    NEW.online_url := coalesce(seats.online_url, '');
    NEW.room_name := coalesce(seats.room_name, '');
    NEW.venue := coalesce(seats.venue, '');
    NEW.exclusive := coalesce(seats.exclusive, true);
    NEW.line_closed := NEW.line_closed AND NEW.state = 'left';
    NEW.by_hand := NEW.by_hand AND NEW.state = 'confirmed';
    -- Nothing is promised past its time (invariant 10), however the session moves.
    IF NEW.offered_until IS NOT NULL THEN
        NEW.offered_until := least(NEW.offered_until, lower(seats.during));
    END IF;
    NEW.stood_as := CASE WHEN NEW.state = 'confirmed' THEN '' ELSE NEW.stood_as END;
    IF TG_OP = 'INSERT' THEN
        NEW.sequence := 0;
        RETURN NEW;
    END IF;
    IF (NEW.uid, NEW.registration_id, NEW.session_id)
       IS DISTINCT FROM (OLD.uid, OLD.registration_id, OLD.session_id) THEN
        RAISE EXCEPTION 'A sign-up keeps its uid, registration and session.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'calendar_uid_never_changes';
    END IF;
    IF (NEW.during, NEW.room_id, NEW.title, NEW.online_url, NEW.room_name, NEW.venue, NEW.state = 'confirmed')
       IS DISTINCT FROM
       (OLD.during, OLD.room_id, OLD.title, OLD.online_url, OLD.room_name, OLD.venue, OLD.state = 'confirmed') THEN
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
