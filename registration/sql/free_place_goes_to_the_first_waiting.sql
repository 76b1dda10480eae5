-- Invariant 4: a place that becomes free goes to the first waiting person who can take it, in the same transaction. No
-- transaction commits that leaves both a free place and somebody waiting who could take it.

-- Somebody waiting who could take a free place, in this session or by this registration; NULL when there is nobody.
CREATE OR REPLACE FUNCTION registration_passed_over(in_session bigint, by_registration bigint) RETURNS bigint
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
          WHERE held.registration_id = waiting.registration_id AND held.state = 'confirmed'
            AND registration_clash(held.during, held.exclusive, seats.during, seats.exclusive))
    LIMIT 1
$$;

CREATE OR REPLACE FUNCTION registration_check_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
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
