"""What the database itself refuses about the programme.

* rows of one conference never point into another (invariant 8);
* a session's code, uid and conference, and a released conference's slug, never change (invariant 6);
* a sealed release is immutable, and every release is sealed in the transaction that makes it (invariant 6);
* the smallest rooms under each released placement are written down, and their exclusion constraint keeps every
  room and its parts free of double use unless the room allows parallel use (invariant 3).
"""

from django.db import migrations

SAME_CONFERENCE = """
-- Arguments are pairs (column, table): every row they point to must belong to the same conference.
-- The table "-" means that the column is itself a conference's key.
CREATE FUNCTION plenary_same_conference() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    found bigint;
    key bigint;
    n int := 0;
BEGIN
    WHILE n < TG_NARGS LOOP
        key := (to_jsonb(NEW) ->> TG_ARGV[n])::bigint;
        IF key IS NOT NULL THEN
            IF TG_ARGV[n + 1] = '-' THEN
                found := key;
            ELSE
                EXECUTE format('SELECT conference_id FROM %I WHERE id = $1', TG_ARGV[n + 1]) INTO found USING key;
            END IF;
            IF wanted IS NULL THEN
                wanted := found;
            ELSIF found IS DISTINCT FROM wanted THEN
                RAISE EXCEPTION '% of % belongs to another conference.', TG_ARGV[n], TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_stay_within_one_conference';
            END IF;
        END IF;
        n := n + 2;
    END LOOP;
    RETURN NULL;
END $$;
"""

WITHIN_ONE_CONFERENCE = {
    "schedule_placement": ("draft_id", "schedule_draft", "session_id", "schedule_session", "room_id", "schedule_room"),
    "schedule_releasedplacement": (
        "release_id", "schedule_release", "session_id", "schedule_session", "room_id", "schedule_room",
    ),
    "schedule_roompart": ("room_id", "schedule_room", "part_id", "schedule_room"),
    "schedule_session": ("conference_id", "-", "kind_id", "schedule_kind", "fixed_room_id", "schedule_room"),
    "schedule_sessionhost": ("session_id", "schedule_session", "body_id", "schedule_body"),
    "schedule_role": ("session_id", "schedule_session", "person_id", "schedule_person"),
    "schedule_sessionorder": ("earlier_id", "schedule_session", "later_id", "schedule_session"),
    "schedule_notparallel": ("first_id", "schedule_session", "second_id", "schedule_session"),
    "schedule_unavailability": (
        "conference_id", "-", "room_id", "schedule_room", "person_id", "schedule_person", "body_id", "schedule_body",
    ),
}  # fmt: skip

IDENTITY = """
CREATE FUNCTION schedule_keep_session_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Session % keeps its code, uid and conference.', OLD.code
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'session_identity_never_changes';
END $$;
CREATE TRIGGER session_identity_never_changes BEFORE UPDATE ON schedule_session FOR EACH ROW
    WHEN ((OLD.code, OLD.uid, OLD.conference_id) IS DISTINCT FROM (NEW.code, NEW.uid, NEW.conference_id))
    EXECUTE FUNCTION schedule_keep_session_identity();

CREATE FUNCTION schedule_keep_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM schedule_release WHERE conference_id = OLD.id) THEN
        RAISE EXCEPTION 'Conference % is published; its address stays.', OLD.slug
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'published_address_never_changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_address_never_changes BEFORE UPDATE OF slug ON schedule_conference FOR EACH ROW
    WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION schedule_keep_slug();
"""

RELEASES = """
CREATE FUNCTION schedule_keep_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT OLD.sealed AND NEW.sealed
       AND (NEW.id, NEW.conference_id, NEW.number, NEW.published_at, NEW.note)
         = (OLD.id, OLD.conference_id, OLD.number, OLD.published_at, OLD.note) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Release % is immutable.', OLD.number
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_immutable';
END $$;
CREATE TRIGGER release_is_immutable BEFORE UPDATE OR DELETE ON schedule_release
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_release();

CREATE FUNCTION schedule_release_must_be_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT sealed FROM schedule_release WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'Release % was not sealed by the transaction that made it.', NEW.number
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_sealed_when_made';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER release_is_sealed_when_made AFTER INSERT ON schedule_release
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION schedule_release_must_be_sealed();

CREATE FUNCTION schedule_keep_released_placement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT (SELECT sealed FROM schedule_release WHERE id = NEW.release_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published placement is immutable.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_immutable';
END $$;
CREATE TRIGGER released_placement_is_immutable BEFORE INSERT OR UPDATE OR DELETE ON schedule_releasedplacement
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_released_placement();

-- depth 0 means a statement of somebody's own; the trigger below writes at depth 1.
CREATE FUNCTION schedule_keep_room_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Uses of rooms follow from published placements and are never written by hand.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_immutable';
END $$;
CREATE TRIGGER room_use_is_derived BEFORE INSERT OR UPDATE OR DELETE ON schedule_roomuse
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_room_use();

CREATE FUNCTION schedule_write_room_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO schedule_roomuse (placement_id, release_id, room_id, during)
    WITH RECURSIVE taken(room_id) AS (
        SELECT NEW.room_id
        UNION
        SELECT link.part_id FROM schedule_roompart link JOIN taken ON link.room_id = taken.room_id
    )
    SELECT NEW.id, NEW.release_id, taken.room_id, tstzrange(NEW."start", NEW."end")
    FROM taken JOIN schedule_room ON schedule_room.id = taken.room_id
    WHERE NOT schedule_room.allows_parallel_use;
    RETURN NULL;
END $$;
CREATE TRIGGER room_use_follows_placement AFTER INSERT ON schedule_releasedplacement
    FOR EACH ROW EXECUTE FUNCTION schedule_write_room_use();
"""

BACKWARD = """
DROP TRIGGER room_use_follows_placement ON schedule_releasedplacement;
DROP FUNCTION schedule_write_room_use();
DROP TRIGGER room_use_is_derived ON schedule_roomuse;
DROP FUNCTION schedule_keep_room_use();
DROP TRIGGER released_placement_is_immutable ON schedule_releasedplacement;
DROP FUNCTION schedule_keep_released_placement();
DROP TRIGGER release_is_sealed_when_made ON schedule_release;
DROP FUNCTION schedule_release_must_be_sealed();
DROP TRIGGER release_is_immutable ON schedule_release;
DROP FUNCTION schedule_keep_release();
DROP TRIGGER published_address_never_changes ON schedule_conference;
DROP FUNCTION schedule_keep_slug();
DROP TRIGGER session_identity_never_changes ON schedule_session;
DROP FUNCTION schedule_keep_session_identity();
"""


def within_one_conference(table: str, arguments: tuple[str, ...]) -> migrations.RunSQL:
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    return migrations.RunSQL(
        f"CREATE CONSTRAINT TRIGGER rows_stay_within_one_conference AFTER INSERT OR UPDATE ON {table} "
        f"NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION plenary_same_conference({listed})",
        f"DROP TRIGGER rows_stay_within_one_conference ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("schedule", "0001_initial")]
    operations = [
        migrations.RunSQL(SAME_CONFERENCE, "DROP FUNCTION plenary_same_conference()"),
        *[within_one_conference(table, arguments) for table, arguments in WITHIN_ONE_CONFERENCE.items()],
        migrations.RunSQL(IDENTITY + RELEASES, BACKWARD),
    ]
