-- A dump of one history can be accepted after a head of another: then a log that was closed before turns
-- out to have lost more. Its size stays, and the lost part only grows.
CREATE OR REPLACE FUNCTION audit_head_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size <> OLD.size OR NEW.head_size IS NULL OR NEW.head_size < OLD.head_size
     OR (NEW.head_size = OLD.head_size
         AND (NEW.closed_log, NEW.closed_index) IS DISTINCT FROM (OLD.closed_log, OLD.closed_index)) THEN
    RAISE EXCEPTION 'a log of the audit log that was closed stays as it is' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
