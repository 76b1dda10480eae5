-- Invariant 8: nobody reads or changes what belongs to another conference. An announcement
-- never moves to another conference: its sessions and messages would stay behind.

CREATE TRIGGER rows_keep_their_conference BEFORE UPDATE OF conference_id ON notifications_announcement
    FOR EACH ROW WHEN (OLD.conference_id <> NEW.conference_id)
    EXECUTE FUNCTION plenary_keep_conference('conference_id', '-');
