-- What a person gave in the last hour.
CREATE INDEX CONCURRENTLY consent_record_given ON consent_record (subject_token, given_at);
