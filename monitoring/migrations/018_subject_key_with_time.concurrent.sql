-- The key of the rows beside entries in partitions by month (023).
CREATE UNIQUE INDEX CONCURRENTLY audit_subject_key ON audit_subject (log_id, index, position, at);
