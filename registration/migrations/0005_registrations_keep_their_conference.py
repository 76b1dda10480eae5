"""A registration never moves to another conference; its sign-ups and interests would stay behind (invariant 8)."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON registration_registration FOR EACH ROW
    WHEN (OLD.conference_id <> NEW.conference_id) EXECUTE FUNCTION plenary_keep_conference();
"""
BACKWARD = "DROP TRIGGER rows_keep_their_conference ON registration_registration"


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0004_seats_bookable"),
        ("schedule", "0004_rows_keep_their_conference"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
