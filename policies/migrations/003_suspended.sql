-- A consent that may have been withdrawn in a part of the state that was lost. It opens nothing until
-- the citizen confirms it.
ALTER TABLE consent_record
  DROP CONSTRAINT consent_record_status_check,
  DROP CONSTRAINT consent_record_check1,
  ADD CONSTRAINT consent_record_status CHECK (status IN ('given', 'suspended', 'withdrawn')),
  ADD CONSTRAINT consent_record_withdrawn CHECK ((withdrawn_at IS NOT NULL) = (status = 'withdrawn'));

ALTER TABLE consent_revision
  DROP CONSTRAINT consent_revision_status_check,
  ADD CONSTRAINT consent_revision_status CHECK (status IN ('given', 'suspended', 'withdrawn'));
