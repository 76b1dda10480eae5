-- Invariant 7: a calendar entry's UID never changes, its SEQUENCE rises by one with each change of what it says, and by
-- nothing else. Here the conference's own entry; that of a place is in registration/sql/signup_follows_its_seats.sql.

CREATE OR REPLACE FUNCTION schedule_keep_conference_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.uid <> OLD.uid THEN
        RAISE EXCEPTION 'Conference % keeps its uid.', OLD.slug
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'calendar_uid_never_changes';
    END IF;
    IF (NEW.name, NEW.venue, NEW.starts_on, NEW.ends_on)
       IS DISTINCT FROM (OLD.name, OLD.venue, OLD.starts_on, OLD.ends_on) THEN
        NEW.entry_sequence := OLD.entry_sequence + 1;
        NEW.entry_changed_at := date_trunc('second', clock_timestamp());
    ELSE
        NEW.entry_sequence := OLD.entry_sequence;
        NEW.entry_changed_at := OLD.entry_changed_at;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER conference_entry_follows_its_conference BEFORE UPDATE ON schedule_conference
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_conference_entry();
