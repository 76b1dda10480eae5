-- Invariant 10: nothing is given, promised or promoted once its time is over.

-- seats.closes_at is the session's start by the newest release, less the minutes that the session, or else the
-- conference, has. Compared when a transaction commits that touched any of them.
CREATE OR REPLACE FUNCTION registration_check_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- One session where only that one changed, else every session of the conference.
    only_session bigint := CASE TG_TABLE_NAME
        WHEN 'registration_seats' THEN (to_jsonb(NEW) ->> 'session_id')::bigint
        WHEN 'schedule_session' THEN (to_jsonb(NEW) ->> 'id')::bigint END;
    wrong text;
BEGIN
    SELECT string_agg(session.code, ', ' ORDER BY session.code) INTO wrong
    FROM registration_seats seats
    JOIN schedule_session session ON session.id = seats.session_id
    JOIN schedule_conference conference ON conference.id = seats.conference_id
    WHERE (seats.session_id = only_session
           OR (only_session IS NULL AND seats.conference_id = (to_jsonb(NEW) ->> 'id')::bigint))
      AND seats.closes_at IS DISTINCT FROM lower(seats.during)
          - make_interval(mins => coalesce(session.signup_closes_minutes, conference.signup_closes_minutes));
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'The sign-up of % does not close when session and conference say.', wrong
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sign_up_closes_by_its_start';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER closing_follows_conference AFTER UPDATE ON schedule_conference
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.signup_closes_minutes <> NEW.signup_closes_minutes)
    EXECUTE FUNCTION registration_check_closing();

CREATE CONSTRAINT TRIGGER closing_follows_session AFTER UPDATE ON schedule_session
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.signup_closes_minutes IS DISTINCT FROM NEW.signup_closes_minutes)
    EXECUTE FUNCTION registration_check_closing();

CREATE CONSTRAINT TRIGGER closing_is_not_invented AFTER UPDATE ON registration_seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.during, OLD.closes_at) IS DISTINCT FROM (NEW.during, NEW.closes_at))
    EXECUTE FUNCTION registration_check_closing();

CREATE CONSTRAINT TRIGGER closing_is_not_invented_at_first AFTER INSERT ON registration_seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.during IS NOT NULL)
    EXECUTE FUNCTION registration_check_closing();

-- Whatever the domain functions say: no place is newly given, offered or waited for once a session has begun, except a
-- place that an organizer enters by hand. The domain reads its clock once, before or after this transaction began, and
-- perhaps on another machine: hence the minute. It also refuses from closes_at on, which may lie before the start; what
-- was promised until then is still kept. A place that was held may become an offer or a wait: both end at once. Whoever
-- lost a place to a change of the programme (stood_as says so) may have it back until the session is over.
CREATE OR REPLACE FUNCTION registration_refuse_the_past() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    had_it boolean := TG_OP = 'UPDATE' AND NEW.state = 'confirmed' AND OLD.stood_as = 'confirmed';
    last timestamptz;
BEGIN
    SELECT CASE WHEN had_it THEN upper(seats.during) ELSE lower(seats.during) END INTO last
    FROM registration_seats seats WHERE seats.session_id = NEW.session_id;
    IF last + interval '1 minute' <= now() THEN
        RAISE EXCEPTION 'Its time was over at %: nobody gets a place any more.', last
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'nothing_is_given_after_its_time';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER nothing_is_given_after_its_time_at_first BEFORE INSERT ON registration_signup
    FOR EACH ROW WHEN (NEW.state <> 'left' AND NOT NEW.by_hand)
    EXECUTE FUNCTION registration_refuse_the_past();

CREATE TRIGGER nothing_is_given_after_its_time BEFORE UPDATE OF state ON registration_signup
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state <> 'left' AND NOT NEW.by_hand AND OLD.state <> 'confirmed')
    EXECUTE FUNCTION registration_refuse_the_past();
