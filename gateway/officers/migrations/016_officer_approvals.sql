-- What an officer asked a second officer to approve, and what became of it. Nothing of a person is in it: the person that a
-- request names is in the hash of the request only, by a keyed token.
CREATE TABLE officer_approval (
  id             uuid PRIMARY KEY,
  action         text NOT NULL,
  -- SHA-256 of exactly what was asked.
  request_hash   bytea NOT NULL CHECK (octet_length(request_hash) = 32),
  -- What the second officer sees of it.
  shown          jsonb NOT NULL,
  asker_issuer   text NOT NULL,
  asker_subject  text NOT NULL,
  asker_agency   text NOT NULL,
  asked_at       timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  state          text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'approved', 'refused', 'used', 'expired')),
  -- The second officer.
  second_issuer  text,
  second_subject text,
  decided_at     timestamptz,
  ended_at       timestamptz,
  CHECK ((state IN ('approved', 'refused', 'used')) <= (second_subject IS NOT NULL)),
  CHECK (second_issuer IS NULL OR (second_issuer, second_subject) <> (asker_issuer, asker_subject))
);
CREATE INDEX officer_approval_open ON officer_approval (expires_at) WHERE state IN ('asked', 'approved');
CREATE INDEX officer_approval_asker ON officer_approval (asker_issuer, asker_subject, asked_at DESC);

-- An approval goes forward only, and what was asked stays as it is.
CREATE FUNCTION officer_approval_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT ((OLD.state = 'asked' AND NEW.state IN ('approved', 'refused', 'expired'))
          OR (OLD.state = 'approved' AND NEW.state IN ('used', 'expired')))
     OR (NEW.id, NEW.action, NEW.request_hash, NEW.shown, NEW.asker_issuer, NEW.asker_subject, NEW.asked_at, NEW.expires_at)
        IS DISTINCT FROM
        (OLD.id, OLD.action, OLD.request_hash, OLD.shown, OLD.asker_issuer, OLD.asker_subject, OLD.asked_at, OLD.expires_at) THEN
    RAISE EXCEPTION 'an approval goes forward only' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER officer_approval_forward BEFORE UPDATE ON officer_approval FOR EACH ROW
  EXECUTE FUNCTION officer_approval_forward();

GRANT SELECT, INSERT ON officer_approval TO tereze_runtime;
GRANT UPDATE (state, second_issuer, second_subject, decided_at, ended_at) ON officer_approval TO tereze_runtime;
