-- A withdrawal is a row, too: as the latest of a document, it says that nothing of it is approved.
ALTER TABLE document_approval ADD COLUMN is_withdrawn boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT document_approval_withdrawn CHECK (NOT is_withdrawn OR approved_by IS NOT NULL);
