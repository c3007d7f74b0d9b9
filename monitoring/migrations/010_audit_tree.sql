-- The Merkle tree over the entries of each log (RFC 9162, section 2.1). An append moves it in the same statement.

ALTER TABLE audit_head
  -- Entries that the tree has. A log of an earlier release has none in it until it is leased; one to which an earlier
  -- release still appends has fewer than `size`. Null: none.
  ADD COLUMN tree_size bigint,
  -- Hashes of the largest complete subtrees, from left to right: one for each 1 in the binary form of tree_size.
  ADD COLUMN frontier bytea,
  ADD COLUMN root bytea,
  ADD CONSTRAINT audit_head_tree CHECK (
    (tree_size IS NULL) = (root IS NULL) AND (tree_size IS NULL) = (frontier IS NULL)
    AND (tree_size IS NULL OR (tree_size BETWEEN 1 AND size AND octet_length(root) = 32 AND octet_length(frontier) % 32 = 0)));

-- Full tiles (C2SP tlog-tiles): 256 hashes of one level, and the hash above them. What is not full yet follows from
-- the leaves and from the roots of the tiles below.
CREATE TABLE audit_tile (
  log_id text     NOT NULL REFERENCES audit_head,
  level  smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
  number bigint   NOT NULL CHECK (number >= 0),
  hashes bytea    NOT NULL CHECK (octet_length(hashes) = 8192),
  root   bytea    NOT NULL CHECK (octet_length(root) = 32),
  PRIMARY KEY (log_id, level, number)
);
-- Hashes do not compress.
ALTER TABLE audit_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

GRANT SELECT, INSERT ON audit_tile TO tereze_runtime;
GRANT UPDATE (tree_size, frontier, root) ON audit_head TO tereze_runtime;

-- A head never goes back, and neither does its tree: two trees of one size would be two histories.
CREATE OR REPLACE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < OLD.size OR NEW.epoch < OLD.epoch OR NEW.closed_through < OLD.closed_through
     OR (OLD.tree_size IS NOT NULL AND (NEW.tree_size IS NULL OR NEW.tree_size < OLD.tree_size
       OR (NEW.tree_size = OLD.tree_size AND (NEW.root, NEW.frontier) IS DISTINCT FROM (OLD.root, OLD.frontier)))) THEN
    RAISE EXCEPTION 'a head of the audit log only moves forward' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- The rehearsal of an append writes a tile as well.
CREATE OR REPLACE FUNCTION audit_rehearse(log text, place bigint, bytes bytea, token text, salt bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, entry, leaf_hash)
  VALUES (log, 4611686018427387904 + place, 'rehearsal', 'refusals', clock_timestamp(), 4, bytes, sha256('\x00'::bytea || bytes));
  INSERT INTO audit_subject (log_id, index, position, index_token, salt, at)
  VALUES (log, 4611686018427387904 + place, 0, decode(left(token, 32), 'hex'), salt, clock_timestamp());
  INSERT INTO audit_tile (log_id, level, number, hashes, root)
  VALUES (log, 0, 4611686018427387904 + place, decode(repeat('00', 8192), 'hex'), decode(repeat('00', 32), 'hex'));
  RAISE EXCEPTION 'taken back' USING ERRCODE = 'TZ000';
EXCEPTION WHEN SQLSTATE 'TZ000' THEN
  NULL;
END $$;
