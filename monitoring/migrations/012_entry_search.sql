-- What officers search entries by, beside the columns that are there. All four are in the bytes. Rows that were there keep
-- null in `registers` and `categories`: a search looks into their bytes instead, so nothing needs to be filled.
ALTER TABLE audit_entry
  ADD COLUMN officer text,
  ADD COLUMN model text,
  ADD COLUMN registers text[],
  ADD COLUMN categories text[];

-- How far the rows of each log were compared with their bytes. One pass over a log is a round.
CREATE TABLE audit_rederivation (
  log_id           text PRIMARY KEY REFERENCES audit_head,
  -- The next position of the round that is under way, and the size of the log when it began. Null: none is.
  next_index       bigint NOT NULL DEFAULT 0,
  round_size       bigint,
  round_started_at timestamptz,
  -- The last round that ended: every row before this position was compared after this time.
  compared_through bigint NOT NULL DEFAULT 0,
  compared_since   timestamptz
);
-- Rows that were found to differ from their bytes, or to be missing. Nothing of a person is in it.
CREATE TABLE audit_finding (
  log_id   text   NOT NULL REFERENCES audit_head,
  index    bigint NOT NULL,
  found_at timestamptz NOT NULL,
  what     text[] NOT NULL,
  PRIMARY KEY (log_id, index)
);
-- One replica compares at a time.
CREATE TABLE audit_rederivation_lease (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  holder     text,
  expires_at timestamptz
);
INSERT INTO audit_rederivation_lease DEFAULT VALUES;
GRANT SELECT, INSERT, UPDATE ON audit_rederivation TO tereze_runtime;
GRANT SELECT, INSERT ON audit_finding TO tereze_runtime;
GRANT SELECT, UPDATE ON audit_rederivation_lease TO tereze_runtime;
