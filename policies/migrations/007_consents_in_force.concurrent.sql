-- The consents of a person to an agency and purpose that are in force, or suspended, by their end.
CREATE INDEX CONCURRENTLY consent_record_in_force ON consent_record (subject_token, agreement_id, valid_until)
  WHERE status <> 'withdrawn';
