-- Invariant 6: a session's public identity is stable across drafts and releases. Its code, uid and conference stay as
-- they were when it was made.

CREATE OR REPLACE FUNCTION schedule_keep_session_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Session % keeps its code, uid and conference.', OLD.code
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'session_identity_never_changes';
END $$;

CREATE TRIGGER session_identity_never_changes BEFORE UPDATE ON schedule_session FOR EACH ROW
    WHEN ((OLD.code, OLD.uid, OLD.conference_id) IS DISTINCT FROM (NEW.code, NEW.uid, NEW.conference_id))
    EXECUTE FUNCTION schedule_keep_session_identity();
