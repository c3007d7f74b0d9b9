-- The consents of a person, the newest first, for pages.
CREATE INDEX CONCURRENTLY consent_record_of_person ON consent_record
  (subject_token, (coalesce(first_given_at, given_at)) DESC, consent_id DESC);
