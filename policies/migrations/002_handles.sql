-- Person handles: only the hash of a handle, and the person only sealed under the installation's key.

CREATE TABLE person_handle (
  handle_hash bytea PRIMARY KEY CHECK (length(handle_hash) = 32),
  sealed_subject bytea NOT NULL,
  issued_by text NOT NULL,
  receiver text NOT NULL,
  purpose text NOT NULL,
  case_agency text NOT NULL,
  case_number text NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > issued_at)
);

CREATE INDEX person_handle_expires_at ON person_handle (expires_at);

GRANT SELECT, INSERT, DELETE ON person_handle TO tereze_runtime;
