-- The audit log. Stored bytes never change: the runtime role may insert and read entries, and
-- update only heads (size, lease).

CREATE TABLE audit_head (
  log_id           text PRIMARY KEY,
  size             bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
  -- Raised at each claim: whoever holds an older one is fenced off.
  epoch            bigint NOT NULL DEFAULT 0,
  holder           text,
  lease_expires_at timestamptz,
  -- Every intent before this position is known to have its completion.
  closed_through   bigint NOT NULL DEFAULT 0
);

CREATE TABLE audit_entry (
  log_id         text   NOT NULL REFERENCES audit_head,
  index          bigint NOT NULL,
  request_id     text   NOT NULL,
  kind           text   NOT NULL,
  at             timestamptz NOT NULL,
  schema_version int    NOT NULL,
  agency         text,
  system         text,
  purpose        text,
  case_number    text,
  document_name  text,
  operation      text,
  outcome        text,
  code           text,
  -- Exactly the bytes that were hashed.
  entry          bytea  NOT NULL,
  leaf_hash      bytea  NOT NULL CHECK (length(leaf_hash) = 32),
  answer_salt    bytea,
  PRIMARY KEY (log_id, index)
);

CREATE INDEX audit_entry_request ON audit_entry (request_id);
CREATE INDEX audit_entry_agency ON audit_entry (agency, at);
CREATE INDEX audit_entry_at ON audit_entry (at, log_id, index);

-- Beside the entry, never hashed: deleting a salt erases the link from an entry to a person.
CREATE TABLE audit_subject (
  log_id   text   NOT NULL,
  index    bigint NOT NULL,
  position int    NOT NULL,
  token    text   NOT NULL,
  salt     bytea,
  PRIMARY KEY (log_id, index, position),
  FOREIGN KEY (log_id, index) REFERENCES audit_entry
);

CREATE INDEX audit_subject_token ON audit_subject (token);

GRANT SELECT, INSERT ON audit_entry, audit_subject TO tereze_runtime;
GRANT SELECT, INSERT ON audit_head TO tereze_runtime;
GRANT UPDATE (size, epoch, holder, lease_expires_at, closed_through) ON audit_head TO tereze_runtime;
