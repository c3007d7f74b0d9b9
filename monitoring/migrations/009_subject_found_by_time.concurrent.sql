-- The entries about a person, newest first.
CREATE INDEX CONCURRENTLY audit_subject_found ON audit_subject (index_token, at, log_id, index);
