-- The tables that are there become the first partitions of new ones with their names. Nothing is copied and, after 022,
-- nothing is read: the lock lasts for a moment.
--
-- The key is (log_id, index, at). That a log has one entry for each index rests on its fenced head; `verify` and the
-- comparison of rows with their bytes find a second one. Months have partitions in pairs, and the foreign key stands
-- between the two of a pair, so that a check looks into one table.
-- In the order in which an append locks them.
LOCK TABLE audit_head IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE audit_entry, audit_subject IN ACCESS EXCLUSIVE MODE;

DROP TRIGGER "A_audit_subject_complete" ON audit_subject;
ALTER TABLE audit_subject ALTER COLUMN at SET NOT NULL;
ALTER TABLE audit_subject
  DROP CONSTRAINT audit_subject_at,
  DROP CONSTRAINT audit_subject_log_id_index_fkey,
  DROP CONSTRAINT audit_subject_pkey;
ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey;
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_before_pkey PRIMARY KEY USING INDEX audit_entry_key;
ALTER TABLE audit_subject ADD CONSTRAINT audit_subject_before_pkey PRIMARY KEY USING INDEX audit_subject_key;

ALTER TABLE audit_entry RENAME TO audit_entry_before;
ALTER TABLE audit_subject RENAME TO audit_subject_before;
REVOKE SELECT, INSERT ON audit_entry_before, audit_subject_before FROM tereze_runtime;
ALTER INDEX audit_entry_request RENAME TO audit_entry_before_request;
ALTER INDEX audit_entry_agency RENAME TO audit_entry_before_agency;
ALTER INDEX audit_entry_at RENAME TO audit_entry_before_at;
ALTER INDEX audit_entry_case RENAME TO audit_entry_before_case;
ALTER INDEX audit_entry_code RENAME TO audit_entry_before_code;
ALTER INDEX audit_entry_document RENAME TO audit_entry_before_document;
ALTER INDEX audit_entry_retention RENAME TO audit_entry_before_retention;
ALTER INDEX audit_subject_found RENAME TO audit_subject_before_found;
-- No gateway searches by the longer tokens any more.
DROP INDEX audit_subject_token;

CREATE TABLE audit_entry (
  LIKE audit_entry_before INCLUDING DEFAULTS,
  CONSTRAINT audit_entry_pkey PRIMARY KEY (log_id, index, at),
  CONSTRAINT audit_entry_log_id_fkey FOREIGN KEY (log_id) REFERENCES audit_head,
  CONSTRAINT audit_entry_leaf_hash_check CHECK (length(leaf_hash) = 32),
  CONSTRAINT audit_entry_leaf CHECK (leaf_hash = sha256('\x00'::bytea || entry)),
  CONSTRAINT audit_entry_index CHECK (index >= 0)
) PARTITION BY RANGE (at);
CREATE INDEX audit_entry_request ON audit_entry (request_id);
CREATE INDEX audit_entry_agency ON audit_entry (agency, at);
CREATE INDEX audit_entry_at ON audit_entry (at, log_id, index);
CREATE INDEX audit_entry_case ON audit_entry (case_number, at) WHERE case_number IS NOT NULL;
CREATE INDEX audit_entry_code ON audit_entry (code, at) WHERE code IS NOT NULL;
CREATE INDEX audit_entry_document ON audit_entry (document_hash, at) WHERE document_hash IS NOT NULL;
CREATE INDEX audit_entry_retention ON audit_entry (at, log_id, index) WHERE kind = 'retention';
ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_bytes CHECK (octet_length(entry) BETWEEN 2 AND 65535) NOT VALID;

CREATE TABLE audit_subject (
  LIKE audit_subject_before INCLUDING DEFAULTS,
  CONSTRAINT audit_subject_pkey PRIMARY KEY (log_id, index, position, at)
) PARTITION BY RANGE (at);
CREATE INDEX audit_subject_found ON audit_subject (index_token, at, log_id, index);
ALTER TABLE audit_subject
  ADD CONSTRAINT audit_subject_token_length CHECK (octet_length(index_token) = 16) NOT VALID,
  ADD CONSTRAINT audit_subject_is_found CHECK (token IS NOT NULL OR index_token IS NOT NULL) NOT VALID;
ALTER TABLE audit_subject_before DROP CONSTRAINT audit_subject_is_found,
  ADD CONSTRAINT audit_subject_is_found CHECK (token IS NOT NULL OR index_token IS NOT NULL) NOT VALID;
CREATE TRIGGER "A_audit_subject_complete" AFTER INSERT ON audit_subject FOR EACH ROW
  WHEN (NEW.index_token IS NULL) EXECUTE FUNCTION audit_subject_complete();

GRANT SELECT, INSERT ON audit_entry, audit_subject TO tereze_runtime;

DO $$
DECLARE
  until text := (SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint
                 WHERE conrelid = to_regclass('audit_entry_before') AND conname = 'audit_entry_until');
BEGIN
  IF now() > until::timestamptz - interval '1 day' THEN
    -- The steps began more than a month ago. No entry fits since then, so the rows are read while nothing else goes on.
    ALTER TABLE audit_entry_before DROP CONSTRAINT audit_entry_until;
    ALTER TABLE audit_subject_before DROP CONSTRAINT audit_subject_until;
    until := to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00';
  END IF;
  EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION audit_entry_before FOR VALUES FROM (MINVALUE) TO (%L)', until);
  EXECUTE format('ALTER TABLE audit_subject ATTACH PARTITION audit_subject_before FOR VALUES FROM (MINVALUE) TO (%L)', until);
END $$;
ALTER TABLE audit_entry_before DROP CONSTRAINT IF EXISTS audit_entry_until;
ALTER TABLE audit_subject_before DROP CONSTRAINT IF EXISTS audit_subject_until;

-- For times that no other partition has: appends go on although no one made the partitions of the next months.
CREATE TABLE audit_entry_default PARTITION OF audit_entry DEFAULT;
CREATE TABLE audit_subject_default PARTITION OF audit_subject DEFAULT;
