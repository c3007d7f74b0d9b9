-- The pool of logs is fixed by the schema: the runtime role moves heads, it never makes them.
INSERT INTO audit_head (log_id) SELECT 'tereze/' || number FROM generate_series(0, 255) AS number ON CONFLICT DO NOTHING;
REVOKE INSERT ON audit_head FROM tereze_runtime;

-- A head never goes back: nothing that the runtime role may do makes room for a second entry at one index.
CREATE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < OLD.size OR NEW.epoch < OLD.epoch OR NEW.closed_through < OLD.closed_through THEN
    RAISE EXCEPTION 'a head of the audit log only moves forward' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_head_forward();

-- The database checks for itself what it is told to keep (RFC 9162, section 2.1.1).
ALTER TABLE audit_entry
  ADD CONSTRAINT audit_entry_leaf CHECK (leaf_hash = sha256('\x00'::bytea || entry)),
  ADD CONSTRAINT audit_entry_bytes CHECK (octet_length(entry) BETWEEN 2 AND 65536),
  ADD CONSTRAINT audit_entry_index CHECK (index >= 0);

-- Which entries a trusted document's exact bytes led to.
ALTER TABLE audit_entry ADD COLUMN document_hash text;

CREATE INDEX audit_entry_case ON audit_entry (case_number, at) WHERE case_number IS NOT NULL;
CREATE INDEX audit_entry_code ON audit_entry (code, at) WHERE code IS NOT NULL;
CREATE INDEX audit_entry_document ON audit_entry (document_hash, at) WHERE document_hash IS NOT NULL;
