-- What lets a database that went back in time be noticed and put right. `tereze state` compares it with
-- the signed head outside the database.

CREATE TABLE state_epoch (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  -- Raised each time that a database that went back in time is accepted.
  epoch       bigint NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  -- When it was last accepted. Proofs of possession made before are refused.
  accepted_at timestamptz,
  -- The database had entries before it could have a head: its first head needs no acceptance.
  is_upgraded boolean NOT NULL DEFAULT false
);
INSERT INTO state_epoch DEFAULT VALUES;

DO $$
BEGIN
  IF to_regclass('audit_entry') IS NOT NULL THEN
    UPDATE state_epoch SET is_upgraded = EXISTS (SELECT FROM audit_entry);
  END IF;
END $$;

-- The number of the newest restriction. Its row is locked until the restriction is committed, so that
-- numbers have no gaps.
CREATE TABLE restriction_counter (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  number   bigint NOT NULL DEFAULT 0 CHECK (number >= 0)
);
INSERT INTO restriction_counter DEFAULT VALUES;

-- The journal: no identifier of a person, no category.
CREATE TABLE restriction (
  number   bigint PRIMARY KEY CHECK (number > 0),
  kind     text NOT NULL
    CHECK (kind IN ('withdrawal', 'suspension', 'narrowing', 'handle_ended', 'approval_withdrawn')),
  id       text NOT NULL,
  revision bigint NOT NULL CHECK (revision >= 0),
  made_at  timestamptz NOT NULL
);
CREATE INDEX restriction_id ON restriction (id);
CREATE INDEX restriction_made_at ON restriction (made_at);

CREATE FUNCTION restriction_counter_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number < OLD.number THEN
    RAISE EXCEPTION 'the counter of restrictions only moves forward' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER restriction_counter_forward BEFORE UPDATE ON restriction_counter
  FOR EACH ROW EXECUTE FUNCTION restriction_counter_forward();

GRANT SELECT ON state_epoch TO tereze_runtime;
GRANT SELECT, UPDATE (number) ON restriction_counter TO tereze_runtime;
-- Deletes what is older than `state.journal_days`.
GRANT SELECT, INSERT, DELETE ON restriction TO tereze_runtime;
