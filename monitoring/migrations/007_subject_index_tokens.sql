-- The rows beside an entry get what a search by person needs in one index: the index token as 16 bytes, and the time of
-- the entry. Both may be null for a moment only: of rows that were there, until 008 fills them; of rows that a gateway of
-- an earlier version writes while it still runs, until the trigger below has.
--
-- Partitions: entries and the rows beside them will be partitioned by month of `at`. Their keys are then (at, log_id,
-- index) and (at, log_id, index, position), and the foreign key is (at, log_id, index). Uniqueness of (log_id, index) rests
-- on the fenced head.
ALTER TABLE audit_subject
  ALTER COLUMN token DROP NOT NULL,
  ADD COLUMN index_token bytea,
  ADD COLUMN at timestamptz;
ALTER TABLE audit_subject
  ADD CONSTRAINT audit_subject_token_length CHECK (octet_length(index_token) = 16) NOT VALID,
  ADD CONSTRAINT audit_subject_is_found CHECK (token IS NOT NULL OR (index_token IS NOT NULL AND at IS NOT NULL)) NOT VALID;
COMMENT ON COLUMN audit_subject.token IS 'Rows of entries of versions 1 to 3 only: 64 hex digits, of which index_token has the first 32.';

-- The runtime role may not update rows, so the function runs as the owner; it names the tables with their schema.
CREATE FUNCTION audit_subject_complete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('UPDATE %1$I.audit_subject SET index_token = $1,
      at = (SELECT e.at FROM %1$I.audit_entry e WHERE e.log_id = $2 AND e.index = $3)
    WHERE log_id = $2 AND index = $3 AND position = $4', TG_TABLE_SCHEMA)
  USING decode(left(NEW.token, 32), 'hex'), NEW.log_id, NEW.index, NEW.position;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit_subject_complete FROM PUBLIC;
CREATE TRIGGER audit_subject_complete AFTER INSERT ON audit_subject FOR EACH ROW
  WHEN (NEW.index_token IS NULL) EXECUTE FUNCTION audit_subject_complete();

CREATE OR REPLACE FUNCTION audit_rehearse(log text, place bigint, bytes bytea, token text, salt bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, entry, leaf_hash)
  VALUES (log, 4611686018427387904 + place, 'rehearsal', 'refusals', clock_timestamp(), 4, bytes, sha256('\x00'::bytea || bytes));
  INSERT INTO audit_subject (log_id, index, position, index_token, salt, at)
  VALUES (log, 4611686018427387904 + place, 0, decode(left(token, 32), 'hex'), salt, clock_timestamp());
  RAISE EXCEPTION 'taken back' USING ERRCODE = 'TZ000';
EXCEPTION WHEN SQLSTATE 'TZ000' THEN
  NULL;
END $$;
