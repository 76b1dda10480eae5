-- Invariant 4: a place that becomes free goes to the first waiting person who can take it, in the same transaction. No
-- transaction commits that leaves both a free place and somebody waiting who takes part.
--
-- Everybody who waits can be given a place that is free, whatever else they have at that time: who lets it swap by
-- itself has it and leaves the other, who wants to be asked has the offer of it (docs/adr/0018). So nobody is passed
-- over for a place they hold.

-- Somebody waiting for this session while a place in it is free; NULL when there is nobody.
CREATE OR REPLACE FUNCTION registration_passed_over(in_session bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT waiting.id
    FROM registration_signup waiting
    JOIN registration_seats seats ON seats.session_id = waiting.session_id
    JOIN registration_registration registration ON registration.id = waiting.registration_id
    WHERE waiting.state = 'waiting'
      AND waiting.session_id = in_session
      AND seats.taken < seats.capacity
      AND registration.state IN ('accepted', 'checked-in')
    LIMIT 1
$$;

CREATE OR REPLACE FUNCTION registration_check_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_session bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        in_session := OLD.session_id;
    ELSE
        in_session := NEW.session_id;
    END IF;
    IF registration_passed_over(in_session) IS NOT NULL THEN
        RAISE EXCEPTION 'A place is free and somebody waiting could take it (session %).', in_session
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'free_place_goes_to_the_first_waiting';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER free_place_goes_on_when_new AFTER INSERT ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'waiting')
    EXECUTE FUNCTION registration_check_promotion();

CREATE CONSTRAINT TRIGGER free_place_goes_on_when_changed AFTER UPDATE ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> OLD.state)
    EXECUTE FUNCTION registration_check_promotion();

CREATE CONSTRAINT TRIGGER free_place_goes_on_when_gone AFTER DELETE ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IN ('confirmed', 'offered'))
    EXECUTE FUNCTION registration_check_promotion();

CREATE CONSTRAINT TRIGGER free_place_goes_on_when_more AFTER UPDATE ON registration_seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.capacity > OLD.capacity)
    EXECUTE FUNCTION registration_check_promotion();
