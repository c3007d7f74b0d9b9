-- Where entries are sent as they are written, and how far each sink has them.
CREATE TABLE audit_sink (
  name        text PRIMARY KEY,
  -- Where it leads, and SHA-256 of all that says so. A change is an entry.
  target      text NOT NULL,
  target_hash text NOT NULL,
  -- Whether case numbers go there.
  cases       boolean NOT NULL,
  -- False: the configuration does not name it any more. Its place in the log is kept.
  is_named    boolean NOT NULL,
  -- One replica feeds a sink at a time. Every claim raises the epoch, which fences the one before.
  epoch       bigint NOT NULL DEFAULT 0,
  holder      text,
  expires_at  timestamptz
);

CREATE TABLE audit_sink_cursor (
  sink       text   NOT NULL REFERENCES audit_sink,
  log_id     text   NOT NULL REFERENCES audit_head,
  -- The receiver has acknowledged every entry before this position.
  next_index bigint NOT NULL CHECK (next_index >= 0),
  PRIMARY KEY (sink, log_id)
);

GRANT SELECT, INSERT ON audit_sink TO tereze_runtime;
GRANT UPDATE (target, target_hash, cases, is_named, epoch, holder, expires_at) ON audit_sink TO tereze_runtime;
GRANT SELECT, INSERT ON audit_sink_cursor TO tereze_runtime;
GRANT UPDATE (next_index) ON audit_sink_cursor TO tereze_runtime;
