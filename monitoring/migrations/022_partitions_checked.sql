-- Compares the rows with the constraints of 021. Appends go on meanwhile.
ALTER TABLE audit_entry VALIDATE CONSTRAINT audit_entry_until;
ALTER TABLE audit_subject VALIDATE CONSTRAINT audit_subject_until;
ALTER TABLE audit_subject VALIDATE CONSTRAINT audit_subject_at;
DO $$
BEGIN
  ALTER TABLE audit_subject VALIDATE CONSTRAINT audit_subject_of_entry;
EXCEPTION WHEN foreign_key_violation THEN
  -- Someone changed the database. `tereze audit verify` names the row; the foreign key holds for new rows.
  RAISE LOG 'a row of audit_subject belongs to no entry of its time';
END $$;
