"""The journal can be added to and marked as handled, nothing else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.handled_at IS NULL
       AND (NEW.id, NEW.at, NEW.verb, NEW.actor, NEW.data) = (OLD.id, OLD.at, OLD.verb, OLD.actor, OLD.data)
       AND NEW.conference_id IS NOT DISTINCT FROM OLD.conference_id
       AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The journal is append-only; entry % stays as it is.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_is_append_only';
END $$;
CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""
BACKWARD = "DROP TRIGGER journal_is_append_only ON journal_entry; DROP FUNCTION journal_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
