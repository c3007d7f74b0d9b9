-- Legal holds: entries that are neither archived nor lose what leads to their people. Each column narrows a hold; null does
-- not. A hold keeps from the moment when it is asked for until a second person has agreed to lift it.
CREATE TABLE audit_hold (
  hold_id        text PRIMARY KEY,
  since          timestamptz,
  before         timestamptz,
  case_number    text,
  agency         text,
  -- Index tokens of one person, under every key that was live.
  tokens         bytea[] CHECK (cardinality(tokens) > 0),
  asked_by       text NOT NULL,
  asked_at       timestamptz NOT NULL,
  set_by         text CHECK (set_by <> asked_by),
  set_at         timestamptz CHECK ((set_at IS NULL) = (set_by IS NULL)),
  lift_asked_by  text,
  lift_asked_at  timestamptz CHECK ((lift_asked_at IS NULL) = (lift_asked_by IS NULL)),
  lifted_by      text CHECK (lifted_by <> lift_asked_by),
  lifted_at      timestamptz CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
  CONSTRAINT audit_hold_narrows CHECK (num_nonnulls(since, before, case_number, agency, tokens) > 0),
  CONSTRAINT audit_hold_order CHECK (lift_asked_by IS NULL OR set_by IS NOT NULL),
  CONSTRAINT audit_hold_lifted CHECK (lifted_by IS NULL OR lift_asked_by IS NOT NULL)
);

-- What is decided stays: each step happens once, and nothing else of a hold changes.
CREATE FUNCTION audit_hold_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.set_by IS NOT NULL AND (NEW.set_by, NEW.set_at) IS DISTINCT FROM (OLD.set_by, OLD.set_at))
     OR (OLD.lift_asked_by IS NOT NULL AND (NEW.lift_asked_by, NEW.lift_asked_at) IS DISTINCT FROM (OLD.lift_asked_by, OLD.lift_asked_at))
     OR (OLD.lifted_by IS NOT NULL AND (NEW.lifted_by, NEW.lifted_at) IS DISTINCT FROM (OLD.lifted_by, OLD.lifted_at)) THEN
    RAISE EXCEPTION 'what was decided on a hold stays as it is' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_hold_forward BEFORE UPDATE ON audit_hold FOR EACH ROW EXECUTE FUNCTION audit_hold_forward();

GRANT SELECT, INSERT ON audit_hold TO tereze_runtime;
GRANT UPDATE (set_by, set_at, lift_asked_by, lift_asked_at, lifted_by, lifted_at) ON audit_hold TO tereze_runtime;
