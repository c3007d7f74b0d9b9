-- When a consent was given first. It never changes, so that a list in this order can be read in pages while consents
-- are given again and withdrawn. Empty for a consent that was given once, before this column was there: then `given_at`.
ALTER TABLE consent_record ADD COLUMN first_given_at timestamptz;

GRANT UPDATE (first_given_at) ON consent_record TO tereze_runtime;
