-- Invariant 1: a session's capacity = min(its own cap, its room's seats - held seats) by the newest release. Compared
-- with seats.capacity when a transaction commits that touched any of them.

-- The capacity each session of a conference has by its newest release; 0 where it is not on offer.
CREATE OR REPLACE FUNCTION registration_true_capacity(conference bigint) RETURNS TABLE (session_id bigint, capacity int)
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

CREATE OR REPLACE FUNCTION registration_check_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
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
