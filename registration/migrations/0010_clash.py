"""One function says whether two places clash, and what looks for somebody passed over asks it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# As it was before.
PASSED_OVER = """
CREATE OR REPLACE FUNCTION registration_passed_over(in_session bigint, by_registration bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT waiting.id
    FROM registration_signup waiting
    JOIN registration_seats seats ON seats.session_id = waiting.session_id
    JOIN registration_registration registration ON registration.id = waiting.registration_id
    WHERE waiting.state = 'waiting'
      AND (waiting.session_id = in_session OR waiting.registration_id = by_registration)
      AND seats.taken < seats.capacity
      AND registration.state IN ('accepted', 'checked-in')
      AND NOT EXISTS (
          SELECT 1 FROM registration_signup held
          WHERE held.registration_id = waiting.registration_id AND held.state = 'confirmed' AND held.exclusive
            AND seats.exclusive AND held.during && seats.during)
    LIMIT 1
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registration", "0009_names_of_places")]
    operations = [
        migrations.RunSQL(
            (SQL / "clash.sql").read_text("utf-8"),
            "DROP FUNCTION registration_clash(tstzrange, boolean, tstzrange, boolean);",
        ),
        migrations.RunSQL((SQL / "passed_over.sql").read_text("utf-8"), PASSED_OVER),
    ]
