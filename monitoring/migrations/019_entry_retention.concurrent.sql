-- Acts that explain why rows are missing: archives and erasures. They are few, and every verification reads them.
CREATE INDEX CONCURRENTLY audit_entry_retention ON audit_entry (at, log_id, index) WHERE kind = 'retention';
