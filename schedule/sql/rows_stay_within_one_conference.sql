-- Invariant 8: nobody reads or changes what belongs to another conference. A row that points to several rows joins rows
-- of one conference; asked at once, because whoever reads next must not see it.

-- Arguments are pairs (column, table): every row they point to must belong to the same conference.
-- The table "-" means that the column is itself a conference's key.
CREATE OR REPLACE FUNCTION plenary_same_conference() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    found bigint;
    key bigint;
    n int := 0;
BEGIN
    WHILE n < TG_NARGS LOOP
        key := (to_jsonb(NEW) ->> TG_ARGV[n])::bigint;
        IF key IS NOT NULL THEN
            IF TG_ARGV[n + 1] = '-' THEN
                found := key;
            ELSE
                EXECUTE format('SELECT conference_id FROM %I WHERE id = $1', TG_ARGV[n + 1]) INTO found USING key;
            END IF;
            IF wanted IS NULL THEN
                wanted := found;
            ELSIF found IS DISTINCT FROM wanted THEN
                RAISE EXCEPTION '% of % belongs to another conference.', TG_ARGV[n], TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_stay_within_one_conference';
            END IF;
        END IF;
        n := n + 2;
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_body
    FOR EACH ROW WHEN (NEW.contact_id IS NOT NULL) EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'contact_id', 'schedule_person');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_invitation
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'session_id', 'schedule_session', 'person_id', 'schedule_person');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_notparallel
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'first_id', 'schedule_session', 'second_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_placement
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'draft_id', 'schedule_draft', 'session_id', 'schedule_session', 'room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_preference
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('session_id', 'schedule_session', 'room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_releasedplacement
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'release_id', 'schedule_release', 'session_id', 'schedule_session', 'room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_role
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'session_id', 'schedule_session', 'person_id', 'schedule_person');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_roompart
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('room_id', 'schedule_room', 'part_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_session
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'kind_id', 'schedule_kind', 'fixed_room_id', 'schedule_room',
        'theme_id', 'schedule_theme');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_sessiongroup_sessions
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'sessiongroup_id', 'schedule_sessiongroup', 'session_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_sessionhost
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('session_id', 'schedule_session', 'body_id', 'schedule_body');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_sessionorder
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'earlier_id', 'schedule_session', 'later_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON schedule_unavailability
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'room_id', 'schedule_room', 'person_id', 'schedule_person', 'body_id', 'schedule_body');
