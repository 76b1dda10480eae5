-- Invariant 6: a release is immutable. The transaction that makes one must seal it; asked when it commits, because the
-- placements are written between the two.

CREATE OR REPLACE FUNCTION schedule_release_must_be_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT sealed FROM schedule_release WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'Release % was not sealed by the transaction that made it.', NEW.number
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_sealed_when_made';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER release_is_sealed_when_made AFTER INSERT ON schedule_release
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION schedule_release_must_be_sealed();
