-- Invariant 8: nobody reads or changes what belongs to another conference. The function is explained where it is made,
-- in schedule/sql/rows_stay_within_one_conference.sql.

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF announcement_id, session_id ON notifications_announcement_sessions
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'announcement_id', 'notifications_announcement', 'session_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF
        conference_id, registration_id, signup_id, session_id, person_id, magic_link_id, announcement_id
    ON notifications_message
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'registration_id', 'registration_registration',
        'signup_id', 'registration_signup.registration_id > registration_registration',
        'session_id', 'schedule_session', 'person_id', 'schedule_person',
        'magic_link_id', 'registration_magiclink.registration_id > registration_registration',
        'announcement_id', 'notifications_announcement');
