-- Fills the index tokens of the rows that were there. Appends go on: no row that is written meanwhile is waited for.
UPDATE audit_subject s SET index_token = decode(left(s.token, 32), 'hex'), at = e.at
FROM audit_entry e
WHERE s.index_token IS NULL AND e.log_id = s.log_id AND e.index = s.index;
