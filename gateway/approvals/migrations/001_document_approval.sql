-- What each trusted document reached when it was first loaded, and whenever an officer approved a change.
-- Rows are never changed; the latest of a document counts.

CREATE TABLE document_approval (
  number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  fingerprint text NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
  reach       jsonb NOT NULL,
  -- Null: as it was first loaded.
  approved_by text,
  at          timestamptz NOT NULL
);

CREATE INDEX document_approval_name ON document_approval (name, number DESC);
CREATE UNIQUE INDEX document_approval_first ON document_approval (name) WHERE approved_by IS NULL;

GRANT SELECT, INSERT ON document_approval TO tereze_runtime;
