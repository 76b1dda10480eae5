-- Invariant 8: nobody reads or changes what belongs to another conference. The function is explained where it is made,
-- in schedule/sql/rows_stay_within_one_conference.sql.

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF registration_id, session_id ON registration_interest
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'registration_id', 'registration_registration', 'session_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF conference_id, session_id, room_id ON registration_seats
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'session_id', 'schedule_session', 'room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF registration_id, session_id ON registration_signup
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'registration_id', 'registration_registration', 'session_id', 'schedule_session');
