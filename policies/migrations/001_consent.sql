-- Consent in the words of the GovStack Consent building block: an agreement between the citizens
-- and an agency for a purpose, a consent record of one person under it, and one revision with its
-- evidence for every change. Persons stand here as keyed tokens, never as numbers.

CREATE TABLE consent_agreement (
  agreement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  agency text NOT NULL,
  purpose text NOT NULL,
  opened_at timestamptz NOT NULL,
  UNIQUE (agency, purpose)
);

CREATE TABLE consent_record (
  consent_id uuid PRIMARY KEY,
  agreement_id bigint NOT NULL REFERENCES consent_agreement,
  subject_token text NOT NULL CHECK (length(subject_token) = 64),
  -- Empty: any case of the agency and purpose.
  case_number text NOT NULL,
  -- Sorted, without repeats: part of what makes two consents the same.
  categories text[] NOT NULL CHECK (cardinality(categories) > 0),
  revision integer NOT NULL CHECK (revision > 0),
  status text NOT NULL CHECK (status IN ('given', 'withdrawn')),
  given_at timestamptz NOT NULL,
  valid_until timestamptz NOT NULL CHECK (valid_until > given_at),
  withdrawn_at timestamptz CHECK ((withdrawn_at IS NULL) = (status = 'given')),
  changed_at timestamptz NOT NULL,
  UNIQUE (subject_token, agreement_id, case_number, categories)
);

CREATE TABLE consent_revision (
  consent_id uuid NOT NULL REFERENCES consent_record,
  revision integer NOT NULL,
  status text NOT NULL CHECK (status IN ('given', 'withdrawn')),
  valid_until timestamptz NOT NULL,
  made_at timestamptz NOT NULL,
  evidence_issuer text NOT NULL,
  evidence_token_hash text NOT NULL,
  evidence_assurance text NOT NULL,
  evidence_request_id text NOT NULL,
  PRIMARY KEY (consent_id, revision)
);

GRANT SELECT, INSERT ON consent_agreement, consent_revision TO tereze_runtime;
GRANT SELECT, INSERT ON consent_record TO tereze_runtime;
GRANT UPDATE (revision, status, given_at, valid_until, withdrawn_at, changed_at) ON consent_record TO tereze_runtime;
