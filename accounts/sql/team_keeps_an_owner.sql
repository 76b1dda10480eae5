-- Invariant 8: a team that had an owner keeps one, or nobody could let anybody in or out any more. Judged when the
-- transaction ends, so that an owner can be replaced by another, and a team be deleted with its members. Whoever takes
-- an owner away locks the team first: of two that do so at once the later one sees what the earlier one did. An owner
-- whose account is closed can let nobody in either, so it does not count.

CREATE OR REPLACE FUNCTION accounts_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM accounts_team WHERE id = OLD.team_id FOR UPDATE;
    IF FOUND AND NOT EXISTS (
        SELECT 1 FROM accounts_membership AS m JOIN accounts_user AS u ON u.id = m.user_id
        WHERE m.team_id = OLD.team_id AND m.role = 'owner' AND u.is_active
    ) THEN
        RAISE EXCEPTION 'Team % keeps at least one owner.', OLD.team_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'team_keeps_an_owner';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER team_keeps_an_owner_given_up AFTER UPDATE OF role, team_id ON accounts_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.role = 'owner' AND (NEW.role <> 'owner' OR NEW.team_id <> OLD.team_id))
    EXECUTE FUNCTION accounts_keep_an_owner();

CREATE CONSTRAINT TRIGGER team_keeps_an_owner_removed AFTER DELETE ON accounts_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'owner')
    EXECUTE FUNCTION accounts_keep_an_owner();
