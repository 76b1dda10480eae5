-- Invariant 3: in a release no room (with its parts) hosts two sessions at once. Each released placement writes down
-- the uses of its room and of all parts of it, except of rooms that allow parallel use; the exclusion constraint
-- no_room_hosts_two_sessions_at_once of the table does the rest. Nobody else writes there, so that it tells the truth.

CREATE OR REPLACE FUNCTION schedule_write_room_use() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Depth 1 is a statement of somebody's own; the trigger above writes at depth 2.
CREATE OR REPLACE FUNCTION schedule_keep_room_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Uses of rooms follow from published placements and are never written by hand.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'release_is_immutable';
END $$;

CREATE TRIGGER room_use_is_derived BEFORE INSERT OR UPDATE OR DELETE ON schedule_roomuse
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_room_use();
