-- Invariant 8: nobody reads or changes what belongs to another conference. What others point to never moves to another
-- conference; they would stay behind. Sessions and releases are kept by invariant 6.

CREATE OR REPLACE FUNCTION plenary_keep_conference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Row % of % keeps its conference.', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_keep_their_conference';
END $$;

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_body
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_draft
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_kind
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_person
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_room
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_sessiongroup
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON schedule_theme
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();
