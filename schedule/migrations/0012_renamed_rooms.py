"""Public calendars count another name of a room by the journal, where it is told at once, and no longer by releases.

What they have counted by releases so far gets its entries, so that no SEQUENCE falls (RFC 5545 3.8.7.4); and so does a
name that was to be counted by the next release. Nobody is told again: the entries are handled.
"""

from django.db import migrations

NOTE = """
WITH numbered AS (
    SELECT id, conference_id, published_at, row_number() OVER (PARTITION BY conference_id ORDER BY number) AS ordinal
    FROM schedule_release
), steps AS (
    SELECT numbered.conference_id, numbered.published_at, placement.session_id, placement.room_id, placement.room_name,
           (placement.start, placement."end", placement.room_id, numbered.ordinal - 1)
             IS NOT DISTINCT FROM (lag(placement.start) OVER way, lag(placement."end") OVER way,
                                   lag(placement.room_id) OVER way, lag(numbered.ordinal) OVER way) AS stayed,
           lag(placement.room_name) OVER way AS name_before,
           lead(numbered.ordinal) OVER way IS NULL AS is_last
    FROM schedule_releasedplacement placement
    JOIN numbered ON numbered.id = placement.release_id
    WINDOW way AS (PARTITION BY placement.session_id ORDER BY numbered.ordinal)
), renamed AS (
    SELECT conference_id, published_at AS at, room_id, session_id FROM steps WHERE stayed AND room_name <> name_before
    UNION ALL
    SELECT steps.conference_id, now(), steps.room_id, steps.session_id
    FROM steps JOIN schedule_room room ON room.id = steps.room_id
    WHERE steps.is_last AND steps.room_name <> room.name
)
INSERT INTO journal_entry (at, conference_id, verb, actor, subject_id, data, handled_at)
SELECT at, conference_id, 'room.renamed', 'system', room_id,
       jsonb_build_object('sessions', jsonb_agg(session_id ORDER BY session_id)), now()
FROM renamed GROUP BY at, conference_id, room_id ORDER BY at, room_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0003_index_of_programme"),
        ("schedule", "0011_answers_and_help"),
    ]

    # From then on entries have a column more.
    run_before = [("journal", "0004_concerns")]

    operations = [migrations.RunSQL(NOTE, migrations.RunSQL.noop)]
