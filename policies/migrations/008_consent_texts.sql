-- What a citizen was shown with a consent, and by category what is in force, so that a question reads no more rows for
-- a person with many consents.

-- The text of one category for one purpose. A text never changes; its id is its hash.
CREATE TABLE consent_text (
  text_hash text PRIMARY KEY CHECK (length(text_hash) = 64),
  purpose text NOT NULL,
  category text NOT NULL,
  title text NOT NULL,
  law text NOT NULL,
  case_required boolean NOT NULL,
  -- Coordinates of the fields that the category had, sorted.
  fields text[] NOT NULL
);
CREATE INDEX consent_text_of_category ON consent_text (purpose, category);

-- The texts of consents from before texts were kept: those of the first start after that.
CREATE TABLE consent_baseline (
  purpose text NOT NULL,
  category text NOT NULL,
  text_hash text NOT NULL REFERENCES consent_text,
  PRIMARY KEY (purpose, category)
);
CREATE TABLE consent_baseline_taken (
  is_taken boolean PRIMARY KEY CHECK (is_taken),
  taken_at timestamptz NOT NULL
);

-- One text for each category, in their order. Empty for a consent from before.
ALTER TABLE consent_record ADD COLUMN texts text[] CHECK (cardinality(texts) = cardinality(categories));
ALTER TABLE consent_revision ADD COLUMN texts text[];

-- A row for each category of a consent. It follows from `consent_record`, whose trigger writes it.
CREATE TABLE consent_category (
  consent_id uuid NOT NULL,
  category text NOT NULL,
  subject_token text NOT NULL,
  agreement_id bigint NOT NULL,
  case_number text NOT NULL,
  -- Empty for a consent from before texts were kept.
  text_hash text NOT NULL,
  status text NOT NULL,
  valid_until timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (consent_id, category)
);
CREATE INDEX consent_category_in_force
  ON consent_category (subject_token, agreement_id, case_number, category, text_hash, valid_until, changed_at)
  WHERE status = 'given';
CREATE INDEX consent_category_latest
  ON consent_category (subject_token, agreement_id, case_number, category, changed_at);

CREATE FUNCTION consent_category_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO consent_category (consent_id, category, subject_token, agreement_id, case_number, text_hash, status, valid_until, changed_at)
  SELECT NEW.consent_id, part.category, NEW.subject_token, NEW.agreement_id, NEW.case_number, coalesce(part.text_hash, ''), NEW.status, NEW.valid_until, NEW.changed_at
  FROM unnest(NEW.categories, NEW.texts) AS part (category, text_hash)
  ON CONFLICT (consent_id, category) DO UPDATE SET text_hash = excluded.text_hash, status = excluded.status,
    valid_until = excluded.valid_until, changed_at = excluded.changed_at;
  RETURN NULL;
END $$;
CREATE TRIGGER consent_category_follows AFTER INSERT OR UPDATE ON consent_record
  FOR EACH ROW EXECUTE FUNCTION consent_category_follows();

-- The runtime role never deletes a consent. An owner may.
CREATE FUNCTION consent_category_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE consent_category;
  ELSE
    DELETE FROM consent_category WHERE consent_id = OLD.consent_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER consent_category_ends AFTER DELETE ON consent_record
  FOR EACH ROW EXECUTE FUNCTION consent_category_ends();
CREATE TRIGGER consent_category_emptied AFTER TRUNCATE ON consent_record
  FOR EACH STATEMENT EXECUTE FUNCTION consent_category_ends();

GRANT SELECT, INSERT ON consent_text, consent_baseline, consent_baseline_taken TO tereze_runtime;
GRANT UPDATE (texts) ON consent_record TO tereze_runtime;
GRANT SELECT, INSERT ON consent_category TO tereze_runtime;
GRANT UPDATE (text_hash, status, valid_until, changed_at) ON consent_category TO tereze_runtime;
