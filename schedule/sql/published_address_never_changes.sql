-- Invariant 6: public identities are stable. A conference that has a release keeps the slug that its addresses begin
-- with.

CREATE OR REPLACE FUNCTION schedule_keep_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM schedule_release WHERE conference_id = OLD.id) THEN
        RAISE EXCEPTION 'Conference % is published; its address stays.', OLD.slug
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'published_address_never_changes';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER published_address_never_changes BEFORE UPDATE OF slug ON schedule_conference FOR EACH ROW
    WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION schedule_keep_slug();
