-- Invariant 5: people agree to a version of a text, so that version stays as it was; another wording is another
-- version. The conference's row names the kinds it has published, which is what registration needs to open
-- (registration_opens_with_privacy_notice_and_contact) and what every page links to.

CREATE OR REPLACE FUNCTION schedule_keep_conference_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Version % of a text is published and stays as it is.', OLD.version
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'conference_text_never_changes';
END $$;

CREATE TRIGGER conference_text_never_changes BEFORE UPDATE ON schedule_conferencetext
    FOR EACH ROW EXECUTE FUNCTION schedule_keep_conference_text();

CREATE OR REPLACE FUNCTION schedule_note_conference_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE schedule_conference SET published_texts = array_append(published_texts, NEW.kind)
        WHERE id = NEW.conference_id AND NOT NEW.kind = ANY (published_texts);
    RETURN NULL;
END $$;

CREATE TRIGGER conference_names_its_texts AFTER INSERT ON schedule_conferencetext
    FOR EACH ROW EXECUTE FUNCTION schedule_note_conference_text();

CREATE OR REPLACE FUNCTION schedule_name_conference_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.published_texts := ARRAY(SELECT DISTINCT kind FROM schedule_conferencetext WHERE conference_id = NEW.id);
    RETURN NEW;
END $$;

CREATE TRIGGER conference_names_only_its_texts BEFORE UPDATE ON schedule_conference FOR EACH ROW
    WHEN (OLD.published_texts IS DISTINCT FROM NEW.published_texts)
    EXECUTE FUNCTION schedule_name_conference_texts();
