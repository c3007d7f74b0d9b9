-- Detection follows the entries of all logs, counts by the rules of monitoring/detection, and writes alerts as entries.
-- Keys are 16 bytes of SHA-256 over rule, group, window and member: nothing of a person can be read off them.

-- The position of the next entry of each log. A log without a row is followed from its first entry.
CREATE TABLE audit_detection (
  log_id     text PRIMARY KEY REFERENCES audit_head,
  next_index bigint NOT NULL CHECK (next_index >= 0)
);
-- What was in the logs before detection is not followed.
INSERT INTO audit_detection (log_id, next_index) SELECT log_id, size FROM audit_head WHERE size > 0;

-- One replica follows at a time.
CREATE TABLE audit_detection_lease (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  holder     text,
  expires_at timestamptz
);
INSERT INTO audit_detection_lease DEFAULT VALUES;

-- What was counted: members of a group in a window, and how many a group has. `until`: end of the window.
CREATE TABLE audit_detection_member (
  key   bytea PRIMARY KEY CHECK (octet_length(key) = 16),
  until timestamptz NOT NULL
);
CREATE INDEX audit_detection_member_until ON audit_detection_member (until);
CREATE TABLE audit_detection_group (
  key     bytea PRIMARY KEY CHECK (octet_length(key) = 16),
  members int NOT NULL CHECK (members > 0),
  until   timestamptz NOT NULL
);
CREATE INDEX audit_detection_group_until ON audit_detection_group (until);
-- Entries after which others of their group count.
CREATE TABLE audit_detection_opening (
  key        bytea NOT NULL CHECK (octet_length(key) = 16),
  at         timestamptz NOT NULL,
  until      timestamptz NOT NULL,
  purpose    text,
  document   text,
  categories text[] NOT NULL
);
CREATE INDEX audit_detection_opening_key ON audit_detection_opening (key, at);
CREATE INDEX audit_detection_opening_until ON audit_detection_opening (until);

-- One alert for a rule, group and window. Its row is committed with the counts, and marked as written in the transaction
-- that appends its entry. log_id, index and position say which entry, and which of its people, it is about.
CREATE TABLE audit_alert (
  rule         text        NOT NULL,
  group_key    bytea       NOT NULL CHECK (octet_length(group_key) = 16),
  window_since timestamptz NOT NULL,
  window_until timestamptz NOT NULL,
  rule_hash    text        NOT NULL,
  severity     text        NOT NULL,
  sentence     jsonb       NOT NULL,
  agency       text,
  system       text,
  officer      text,
  by_case      boolean     NOT NULL,
  count        int         NOT NULL,
  threshold    int         NOT NULL,
  log_id       text        NOT NULL REFERENCES audit_head,
  index        bigint      NOT NULL,
  position     int,
  -- Time of the entry that raised it.
  at           timestamptz NOT NULL,
  is_written   boolean     NOT NULL DEFAULT false,
  PRIMARY KEY (rule, group_key, window_since)
);
CREATE INDEX audit_alert_unwritten ON audit_alert (at) WHERE NOT is_written;

GRANT SELECT, INSERT, UPDATE ON audit_detection TO tereze_runtime;
GRANT SELECT, UPDATE ON audit_detection_lease TO tereze_runtime;
GRANT SELECT, INSERT, DELETE ON audit_detection_member TO tereze_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_detection_group TO tereze_runtime;
GRANT SELECT, INSERT, DELETE ON audit_detection_opening TO tereze_runtime;
GRANT SELECT, INSERT ON audit_alert TO tereze_runtime;
GRANT UPDATE (is_written) ON audit_alert TO tereze_runtime;
