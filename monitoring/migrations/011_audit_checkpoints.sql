-- Signed heads of the logs (C2SP tlog-checkpoint). A row is committed before its note is signed, so that a checkpoint
-- that anyone may have seen is in the database, and with a synchronous standby on the standby too.
CREATE TABLE audit_checkpoint (
  log_id text        NOT NULL REFERENCES audit_head,
  size   bigint      NOT NULL CHECK (size >= 1),
  root   bytea       NOT NULL CHECK (octet_length(root) = 32),
  -- The signed note. Null: not signed yet; then nothing of it has left the gateway.
  note   text,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (log_id, size)
);

GRANT SELECT, INSERT ON audit_checkpoint TO tereze_runtime;
GRANT UPDATE (note) ON audit_checkpoint TO tereze_runtime;

CREATE FUNCTION audit_checkpoint_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.note IS NOT NULL OR NEW.note IS NULL OR (NEW.log_id, NEW.size, NEW.root, NEW.at) IS DISTINCT FROM (OLD.log_id, OLD.size, OLD.root, OLD.at) THEN
      RAISE EXCEPTION 'a checkpoint is signed once and stays as it is' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF EXISTS (SELECT FROM audit_checkpoint WHERE log_id = NEW.log_id AND size >= NEW.size) THEN
    RAISE EXCEPTION 'checkpoints of a log only grow' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_checkpoint_forward BEFORE INSERT OR UPDATE ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION audit_checkpoint_forward();

-- The replica that signs. Every claim raises the epoch, which fences the one before.
CREATE TABLE audit_signer (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch      bigint NOT NULL DEFAULT 0,
  holder     text,
  expires_at timestamptz
);
INSERT INTO audit_signer DEFAULT VALUES;
GRANT SELECT ON audit_signer TO tereze_runtime;
GRANT UPDATE (epoch, holder, expires_at) ON audit_signer TO tereze_runtime;
