-- Invariant 1: confirmed sign-ups of a session never exceed its capacity. seats.taken counts the confirmed and offered
-- places; it is kept here and by nobody else, and the check constraint signups_never_exceed_capacity compares it.

CREATE OR REPLACE FUNCTION registration_holds(state text) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT (state IN ('confirmed', 'offered'))::int $$;

CREATE OR REPLACE FUNCTION registration_count_taken() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE FUNCTION registration_keep_taken() RETURNS trigger LANGUAGE plpgsql AS $$
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
