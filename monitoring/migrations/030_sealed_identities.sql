-- The number of each person, sealed under a data key that changes daily. The entry commits to these bytes
-- (`subjects[].sealed`). Null: none was sealed, or it was erased.
ALTER TABLE audit_subject ADD COLUMN sealed bytea;

-- Data keys, each sealed to the recipients of `audit.identity`: nothing in the database or in a gateway opens them. A key
-- that is sealed anew gets another row. The runtime role takes none away.
CREATE TABLE audit_data_key (
  key_id    bytea       NOT NULL CHECK (octet_length(key_id) = 16),
  -- The order in which it was sealed: 0 when it was made.
  sealing   int         NOT NULL DEFAULT 0 CHECK (sealing >= 0),
  made_at   timestamptz NOT NULL,
  sealed    text        NOT NULL,
  PRIMARY KEY (key_id, sealing)
);
GRANT SELECT, INSERT ON audit_data_key TO tereze_runtime;
