-- Invariant 6: a release is immutable. Of a release only the seal can be set, once; a placement of it can be added
-- until the release is sealed, and is never changed or taken away.

CREATE OR REPLACE FUNCTION schedule_keep_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT OLD.sealed AND NEW.sealed
       AND (NEW.id, NEW.conference_id, NEW.number, NEW.published_at, NEW.note)
         = (OLD.id, OLD.conference_id, OLD.number, OLD.published_at, OLD.note) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Release % is immutable.', OLD.number
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_immutable';
END $$;

CREATE TRIGGER release_is_immutable BEFORE UPDATE OR DELETE ON schedule_release
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_release();

CREATE OR REPLACE FUNCTION schedule_keep_released_placement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT (SELECT sealed FROM schedule_release WHERE id = NEW.release_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published placement is immutable.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_immutable';
END $$;

CREATE TRIGGER released_placement_is_immutable BEFORE INSERT OR UPDATE OR DELETE ON schedule_releasedplacement
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_released_placement();
