-- Invariant 1: those who take part in a conference never become more than it takes. A number that is lowered
-- afterwards sends nobody away; it keeps others out. The conference is locked as the domain functions lock it, so that
-- of two who come at once the later one counts the earlier one.

CREATE OR REPLACE FUNCTION registration_check_room() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most int;
BEGIN
    SELECT capacity INTO most FROM schedule_conference
    WHERE id = NEW.conference_id AND capacity IS NOT NULL FOR NO KEY UPDATE;
    IF most < (SELECT count(*) FROM registration_registration
               WHERE conference_id = NEW.conference_id AND state IN ('accepted', 'checked-in')) THEN
        RAISE EXCEPTION 'The conference is full: it takes % registrations.', most
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'conference_takes_no_more_than_it_has_room_for';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER conference_is_not_overfilled_at_first AFTER INSERT ON registration_registration
    FOR EACH ROW WHEN (NEW.state IN ('accepted', 'checked-in'))
    EXECUTE FUNCTION registration_check_room();

CREATE TRIGGER conference_is_not_overfilled AFTER UPDATE OF state ON registration_registration
    FOR EACH ROW
    WHEN (NEW.state IN ('accepted', 'checked-in') AND OLD.state NOT IN ('accepted', 'checked-in'))
    EXECUTE FUNCTION registration_check_room();
