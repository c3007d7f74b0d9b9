-- Does what an append does and takes it back, so that only a commit without an entry is left: a database that cannot
-- take an entry (a full disk, a lost table, a missing right) fails here in the same way. `leaf_hash` is computed, as the
-- CHECK of the table wants it. Positions from 2^62 on are never those of entries.
CREATE FUNCTION audit_rehearse(log text, place bigint, bytes bytea, token text, salt bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, entry, leaf_hash)
  VALUES (log, 4611686018427387904 + place, 'rehearsal', 'refusals', clock_timestamp(), 2, bytes, sha256('\x00'::bytea || bytes));
  INSERT INTO audit_subject (log_id, index, position, token, salt) VALUES (log, 4611686018427387904 + place, 0, token, salt);
  RAISE EXCEPTION 'taken back' USING ERRCODE = 'TZ000';
EXCEPTION WHEN SQLSTATE 'TZ000' THEN
  NULL;
END $$;

REVOKE EXECUTE ON FUNCTION audit_rehearse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_rehearse TO tereze_runtime;
