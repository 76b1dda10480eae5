-- Invariant 8: nobody reads or changes what belongs to another conference. What others point to never moves to another
-- conference: they would stay behind. Sessions and releases are kept by invariant 6, sign-ups by invariant 7.

-- Arguments are the column that changes and the way from there to the conference, as in
-- rows_stay_within_one_conference.sql.
CREATE OR REPLACE FUNCTION plenary_keep_conference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF plenary_conference_of(TG_ARGV[1], (to_jsonb(OLD) ->> TG_ARGV[0])::bigint)
       IS DISTINCT FROM plenary_conference_of(TG_ARGV[1], (to_jsonb(NEW) ->> TG_ARGV[0])::bigint) THEN
        RAISE EXCEPTION 'Row % of % keeps its conference.', OLD.id, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_keep_their_conference';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_room
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_kind
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_theme
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_body
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_person
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_sessiongroup
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_draft
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF draft_id ON schedule_draftstep
    FOR EACH ROW WHEN (OLD.draft_id <> NEW.draft_id)
    EXECUTE FUNCTION plenary_keep_conference('draft_id', 'schedule_draft');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_solverrun
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF session_id ON schedule_role
    FOR EACH ROW WHEN (OLD.session_id <> NEW.session_id)
    EXECUTE FUNCTION plenary_keep_conference('session_id', 'schedule_session');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF session_id ON schedule_sessionhost
    FOR EACH ROW WHEN (OLD.session_id <> NEW.session_id)
    EXECUTE FUNCTION plenary_keep_conference('session_id', 'schedule_session');
