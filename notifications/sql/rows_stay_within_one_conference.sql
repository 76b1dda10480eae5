-- Invariant 8: nobody reads or changes what belongs to another conference. The function is explained where it is made,
-- in schedule/sql/rows_stay_within_one_conference.sql.

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference 
    AFTER INSERT OR UPDATE OF conference_id, person_id, session_id ON notifications_message
    FOR EACH ROW WHEN (NEW.person_id IS NOT NULL OR NEW.session_id IS NOT NULL)
    EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'person_id', 'schedule_person', 'session_id', 'schedule_session');
