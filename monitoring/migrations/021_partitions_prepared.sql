-- Entries and the rows beside them become partitions by month of `at`, in UTC. 021 to 023 turn the tables that are there into
-- the first partition, in steps of which none holds up an append for longer than its moment: constraints are added without
-- a look at the rows (021), compared with the rows beside appends (022), and believed when the tables change places (023).
-- In the order in which an append locks them.
LOCK TABLE audit_head IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE audit_entry, audit_subject IN ACCESS EXCLUSIVE MODE;

-- Gateways of earlier versions write rows of people without a time while they still run. Such a row is stored with the
-- earliest time, and the trigger then gives it the time of its entry. It runs before the check of the foreign key: triggers
-- run in the order of their names, and that of the check begins with R.
ALTER TABLE audit_subject ALTER COLUMN at SET DEFAULT '-infinity';
CREATE OR REPLACE FUNCTION audit_subject_complete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('UPDATE %1$I.audit_subject SET index_token = $1,
      at = (SELECT e.at FROM %1$I.audit_entry e WHERE e.log_id = $2 AND e.index = $3)
    WHERE log_id = $2 AND index = $3 AND position = $4 AND at = $5', TG_TABLE_SCHEMA)
  USING decode(left(NEW.token, 32), 'hex'), NEW.log_id, NEW.index, NEW.position, NEW.at;
  RETURN NULL;
END $$;
ALTER TRIGGER audit_subject_complete ON audit_subject RENAME TO "A_audit_subject_complete";

ALTER TABLE audit_subject
  ADD CONSTRAINT audit_subject_at CHECK (at IS NOT NULL) NOT VALID,
  ADD CONSTRAINT audit_subject_of_entry FOREIGN KEY (log_id, index, at) REFERENCES audit_entry (log_id, index, at) NOT VALID;

-- The first partition ends with the next month at the earliest, so that an append finds room in it however long the steps
-- take. Its end is the comment of the constraint.
DO $$
DECLARE
  newest timestamptz := (SELECT max(at) FROM audit_entry);
  month timestamp := date_trunc('month', greatest(newest, now()) AT TIME ZONE 'UTC') + interval '2 months';
  until text := to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00';
BEGIN
  EXECUTE format('ALTER TABLE audit_entry ADD CONSTRAINT audit_entry_until CHECK (at < %L::timestamptz) NOT VALID', until);
  EXECUTE format('ALTER TABLE audit_subject ADD CONSTRAINT audit_subject_until CHECK (at < %L::timestamptz) NOT VALID', until);
  EXECUTE format('COMMENT ON CONSTRAINT audit_entry_until ON audit_entry IS %L', until);
END $$;

-- The rehearsal of an append: entry and person have one time.
CREATE OR REPLACE FUNCTION audit_rehearse(log text, place bigint, bytes bytea, token text, salt bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  now timestamptz := clock_timestamp();
BEGIN
  INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, entry, leaf_hash)
  VALUES (log, 4611686018427387904 + place, 'rehearsal', 'refusals', now, 4, bytes, sha256('\x00'::bytea || bytes));
  INSERT INTO audit_subject (log_id, index, position, index_token, salt, at)
  VALUES (log, 4611686018427387904 + place, 0, decode(left(token, 32), 'hex'), salt, now);
  INSERT INTO audit_tile (log_id, level, number, hashes, root)
  VALUES (log, 0, 4611686018427387904 + place, decode(repeat('00', 8192), 'hex'), decode(repeat('00', 32), 'hex'));
  RAISE EXCEPTION 'taken back' USING ERRCODE = 'TZ000';
EXCEPTION WHEN SQLSTATE 'TZ000' THEN
  NULL;
END $$;
