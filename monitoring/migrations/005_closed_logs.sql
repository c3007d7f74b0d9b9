-- A log is closed when the database went back in time: other entries may have had the positions from
-- its size on. Nothing is appended to it again.
ALTER TABLE audit_head
  -- Its size in the newest signed head, at least the size at which it was closed. Null: the log is open.
  ADD COLUMN head_size bigint,
  -- The entry of kind `state` that closed it.
  ADD COLUMN closed_log text,
  ADD COLUMN closed_index bigint,
  ADD CONSTRAINT audit_head_closed CHECK (
    (head_size IS NULL) = (closed_log IS NULL) AND (head_size IS NULL) = (closed_index IS NULL)
    AND (head_size IS NULL OR head_size >= size));

CREATE FUNCTION audit_head_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.size, NEW.head_size, NEW.closed_log, NEW.closed_index)
     IS DISTINCT FROM (OLD.size, OLD.head_size, OLD.closed_log, OLD.closed_index) THEN
    RAISE EXCEPTION 'a log of the audit log that was closed stays as it is' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_head_stays_closed BEFORE UPDATE ON audit_head FOR EACH ROW
  WHEN (OLD.head_size IS NOT NULL) EXECUTE FUNCTION audit_head_stays_closed();
