-- The key of entries in partitions by month (023): it holds the time, and begins with the place in the log.
CREATE UNIQUE INDEX CONCURRENTLY audit_entry_key ON audit_entry (log_id, index, at);
