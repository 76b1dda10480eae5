-- Invariant 8: nobody reads or changes what belongs to another conference. A registration, or a
-- link for one, never moves to another conference: sign-ups, interests and messages would stay behind. Sign-ups keep
-- their registration by invariant 7.

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON registration_registration
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF registration_id ON registration_magiclink
    FOR EACH ROW WHEN (OLD.registration_id IS DISTINCT FROM NEW.registration_id)
    EXECUTE FUNCTION plenary_keep_conference('registration_id', 'registration_registration');
