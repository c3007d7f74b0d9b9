-- DPoP proofs that were used (RFC 9449, section 11.1), shared by all replicas. Only a hash of the
-- key's thumbprint and the proof's id; kept until the proof could not be accepted anyway.

CREATE TABLE dpop_replay (
  proof_hash bytea PRIMARY KEY CHECK (length(proof_hash) = 32),
  expires_at timestamptz NOT NULL
);

CREATE INDEX dpop_replay_expires_at ON dpop_replay (expires_at);

GRANT SELECT, INSERT, DELETE ON dpop_replay TO tereze_runtime;
