-- Invariant 8: nobody reads or changes what belongs to another conference. A row that points to several rows joins rows
-- of one conference; asked at once, because whoever reads next must not see it. Rows that lead to no conference say
-- nothing. Which tables need it is derived from the models in tests/schema/test_same_conference.py.

-- The conference that the row with this key belongs to; NULL where it belongs to none. The way there is the row's table
-- where that has a conference_id, else 'table.column > way of the row the column points to'; '-' is the conference.
CREATE OR REPLACE FUNCTION plenary_conference_of(way text, key bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    hop text;
    found bigint := key;
    many int;
BEGIN
    IF way = '-' THEN
        RETURN key;
    END IF;
    FOREACH hop IN ARRAY string_to_array(way, ' > ') LOOP
        EXIT WHEN found IS NULL;
        EXECUTE format(
            'SELECT %I FROM %I WHERE id = $1',
            coalesce(nullif(split_part(hop, '.', 2), ''), 'conference_id'), split_part(hop, '.', 1)
        ) INTO found USING found;
        GET DIAGNOSTICS many = ROW_COUNT;
        IF many = 0 THEN
            -- Keys are compared with their rows only at COMMIT; until then such a row could still be made elsewhere.
            RAISE EXCEPTION 'There is no row % of % yet.', key, split_part(way, '.', 1)
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_stay_within_one_conference';
        END IF;
    END LOOP;
    RETURN found;
END $$;

-- Arguments are pairs (column, way): all rows that the columns point to must belong to the same conference.
CREATE OR REPLACE FUNCTION plenary_same_conference() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written jsonb := to_jsonb(NEW);
    wanted bigint;
    found bigint;
    n int := 0;
BEGIN
    WHILE n < TG_NARGS LOOP
        found := plenary_conference_of(TG_ARGV[n + 1], (written ->> TG_ARGV[n])::bigint);
        IF found <> wanted THEN
            RAISE EXCEPTION '% of % belongs to another conference.', TG_ARGV[n], TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_stay_within_one_conference';
        END IF;
        wanted := coalesce(wanted, found);
        n := n + 2;
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF conference_id, kind_id, theme_id, fixed_room_id ON schedule_session
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'kind_id', 'schedule_kind', 'theme_id', 'schedule_theme',
        'fixed_room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF session_id, body_id ON schedule_sessionhost
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('session_id', 'schedule_session', 'body_id', 'schedule_body');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF session_id, person_id ON schedule_role
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'session_id', 'schedule_session', 'person_id', 'schedule_person');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF earlier_id, later_id ON schedule_sessionorder
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'earlier_id', 'schedule_session', 'later_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF first_id, second_id ON schedule_notparallel
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'first_id', 'schedule_session', 'second_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF sessiongroup_id, session_id ON schedule_sessiongroup_sessions
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'sessiongroup_id', 'schedule_sessiongroup', 'session_id', 'schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF session_id, room_id ON schedule_preference
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('session_id', 'schedule_session', 'room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF session_id, person_id, role_id, host_id ON schedule_invitation
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'session_id', 'schedule_session', 'person_id', 'schedule_person',
        'role_id', 'schedule_role.session_id > schedule_session',
        'host_id', 'schedule_sessionhost.session_id > schedule_session');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF conference_id, contact_id ON schedule_body
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('conference_id', '-', 'contact_id', 'schedule_person');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF room_id, part_id ON schedule_roompart
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('room_id', 'schedule_room', 'part_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF conference_id, room_id, person_id, body_id ON schedule_unavailability
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'room_id', 'schedule_room', 'person_id', 'schedule_person', 'body_id', 'schedule_body');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF draft_id, session_id, room_id ON schedule_placement
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'draft_id', 'schedule_draft', 'session_id', 'schedule_session', 'room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF release_id, session_id, room_id ON schedule_releasedplacement
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'release_id', 'schedule_release', 'session_id', 'schedule_session', 'room_id', 'schedule_room');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF conference_id, base_id, draft_id, release_id, published_id ON schedule_solverrun
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference(
        'conference_id', '-', 'base_id', 'schedule_draft', 'draft_id', 'schedule_draft',
        'release_id', 'schedule_release', 'published_id', 'schedule_release');

CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference
    AFTER INSERT OR UPDATE OF run_id, draft_id ON schedule_solveranswer
    FOR EACH ROW EXECUTE FUNCTION plenary_same_conference('run_id', 'schedule_solverrun', 'draft_id', 'schedule_draft');
