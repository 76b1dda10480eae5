-- Invariant 12: a state ends with its cause. A place is offered to somebody, instead of given, only because they have
-- another one at that time. No transaction commits that leaves an offer to somebody with nothing in its way: they have
-- the place.

CREATE OR REPLACE FUNCTION registration_check_offers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT offered.session_id INTO wrong
    FROM registration_signup offered
    WHERE offered.registration_id = (CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END).registration_id
      AND offered.state = 'offered'
      AND NOT EXISTS (
          SELECT FROM registration_signup held
          WHERE held.registration_id = offered.registration_id AND held.state = 'confirmed'
            AND registration_clash(held.during, held.exclusive, offered.during, offered.exclusive))
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'A place is offered with nothing in its way (session %).', wrong
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'offer_ends_with_its_cause';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER offer_has_a_cause AFTER INSERT ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'offered')
    EXECUTE FUNCTION registration_check_offers();

CREATE CONSTRAINT TRIGGER offer_ends_with_its_cause AFTER UPDATE ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.state, OLD.during, OLD.exclusive) IS DISTINCT FROM (NEW.state, NEW.during, NEW.exclusive)
          AND (NEW.state = 'offered' OR OLD.state = 'confirmed'))
    EXECUTE FUNCTION registration_check_offers();

CREATE CONSTRAINT TRIGGER offer_ends_when_its_cause_is_gone AFTER DELETE ON registration_signup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state = 'confirmed')
    EXECUTE FUNCTION registration_check_offers();
