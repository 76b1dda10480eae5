-- Invariant 5: every change has its journal entry. An entry that was written stays as it was written, in every column
-- that the table has or will have: the only change that passes is the mark that it was handled, once.

CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.handled_at IS NULL
       AND to_jsonb(NEW) - 'handled_at' = to_jsonb(OLD) - 'handled_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The journal is append-only; entry % stays as it is.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_is_append_only';
END $$;

CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
