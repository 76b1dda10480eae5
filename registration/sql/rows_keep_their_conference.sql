-- Invariant 8: a registration never moves to another conference; its sign-ups and interests would stay behind.

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON registration_registration
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();
