-- Invariant 4: no transaction commits that leaves both room for another registration in a conference and somebody in
-- line for one, as long as registration is open. Where organizers decide about each, they also decide who comes next.

CREATE OR REPLACE FUNCTION registration_check_conference_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint := (CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END ->> TG_ARGV[0])::bigint;
BEGIN
    IF EXISTS (
        SELECT FROM schedule_conference conference
        WHERE conference.id = which AND conference.registration_open AND NOT conference.approves_registrations
          AND coalesce(conference.registration_opens_at <= now(), true)
          AND coalesce(conference.registration_closes_at > now(), true)
          AND (conference.ends_on + 1)::timestamp AT TIME ZONE conference.timezone > now()
          AND EXISTS (SELECT FROM registration_registration waiting
                      WHERE waiting.conference_id = which AND waiting.state = 'waitlisted'
                        AND waiting.queued_at IS NOT NULL)
          AND coalesce(conference.capacity > (SELECT count(*) FROM registration_registration taken
                                              WHERE taken.conference_id = which
                                                AND taken.state IN ('accepted', 'checked-in')), true)) THEN
        RAISE EXCEPTION 'There is room for a registration and somebody in line for one (conference %).', which
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'free_registration_goes_to_the_first_in_line';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER line_moves_on_when_somebody_joins AFTER INSERT ON registration_registration
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.queued_at IS NOT NULL)
    EXECUTE FUNCTION registration_check_conference_line('conference_id');

CREATE CONSTRAINT TRIGGER line_moves_on_when_somebody_changes AFTER UPDATE ON registration_registration
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.state, OLD.queued_at) IS DISTINCT FROM (NEW.state, NEW.queued_at)
          AND (NEW.queued_at IS NOT NULL OR OLD.state IN ('accepted', 'checked-in')))
    EXECUTE FUNCTION registration_check_conference_line('conference_id');

CREATE CONSTRAINT TRIGGER line_moves_on_when_somebody_is_gone AFTER DELETE ON registration_registration
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IN ('accepted', 'checked-in'))
    EXECUTE FUNCTION registration_check_conference_line('conference_id');

CREATE CONSTRAINT TRIGGER line_moves_on_when_the_conference_changes AFTER UPDATE ON schedule_conference
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.capacity, OLD.approves_registrations, OLD.registration_open, OLD.registration_opens_at,
           OLD.registration_closes_at, OLD.ends_on)
          IS DISTINCT FROM (NEW.capacity, NEW.approves_registrations, NEW.registration_open, NEW.registration_opens_at,
                            NEW.registration_closes_at, NEW.ends_on))
    EXECUTE FUNCTION registration_check_conference_line('id');
