"""What others point to never moves to another conference (invariant 8); sessions and releases are kept by 0002."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION plenary_keep_conference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Row % of % keeps its conference.', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_keep_their_conference';
END $$;
"""
TABLES = ("schedule_room", "schedule_kind", "schedule_body", "schedule_person", "schedule_draft")


def keep_conference(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON {table} FOR EACH ROW "
        "WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference()",
        f"DROP TRIGGER rows_keep_their_conference ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("schedule", "0003_sample_data")]
    operations = [
        migrations.RunSQL(FORWARD, "DROP FUNCTION plenary_keep_conference()"),
        *[keep_conference(table) for table in TABLES],
    ]
