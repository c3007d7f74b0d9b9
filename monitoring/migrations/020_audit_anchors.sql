-- Proofs from outside that a checkpoint was there. They are only added.
CREATE TABLE audit_anchor (
  log_id text        NOT NULL REFERENCES audit_head,
  -- Size of the checkpoint that is proven.
  size   bigint      NOT NULL CHECK (size >= 1),
  -- As audit.anchor names it.
  name   text        NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]{0,30}$'),
  kind   text        NOT NULL CHECK (kind IN ('timestamp', 'witness')),
  -- timestamp: the answer of the authority (RFC 3161, TimeStampResp); witness: the checkpoint with its cosignatures.
  proof  bytea       NOT NULL CHECK (octet_length(proof) BETWEEN 1 AND 1000000),
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (log_id, size, name)
);
-- Proofs do not compress.
ALTER TABLE audit_anchor ALTER COLUMN proof SET STORAGE EXTERNAL;
CREATE INDEX audit_anchor_newest ON audit_anchor (log_id, name, size);
GRANT SELECT, INSERT ON audit_anchor TO tereze_runtime;

-- One replica asks at a time.
CREATE TABLE audit_anchor_lease (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  holder     text,
  expires_at timestamptz
);
INSERT INTO audit_anchor_lease DEFAULT VALUES;
GRANT SELECT, UPDATE ON audit_anchor_lease TO tereze_runtime;
