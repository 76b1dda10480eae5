-- Invariant 7: another name of the room or venue is a change of place. Whoever renames one past the domain functions is
-- refused when the transaction commits: nobody would be told.

CREATE OR REPLACE FUNCTION registration_check_location() RETURNS trigger LANGUAGE plpgsql AS $$
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
