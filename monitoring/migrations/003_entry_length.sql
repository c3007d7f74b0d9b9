-- An entry has at most 65,535 bytes: a bundle of entries states the length of each in two bytes
-- (C2SP tlog-tiles). Entries that are in the log stay as they are.
ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_bytes;
ALTER TABLE audit_entry
  ADD CONSTRAINT audit_entry_bytes CHECK (octet_length(entry) BETWEEN 2 AND 65535) NOT VALID;
