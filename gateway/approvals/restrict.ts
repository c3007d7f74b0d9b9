import type { SqlExecutor } from '../../schemas/ports/sql.js';

/** Stands for the officer where no officer withdrew: the name of Tereze itself, as in entries. */
const BY_TEREZE = 'tereze';

/**
 * Withdraws what is approved of these documents: in a part of the state that was lost, it no longer was.
 * Resolves with the number of documents that an officer must approve again.
 */
export async function withdrawLostApprovals(owner: SqlExecutor, names: readonly string[], at: Date): Promise<number> {
  const { count } = await owner.query(
    `INSERT INTO document_approval (name, fingerprint, reach, approved_by, is_withdrawn, at)
     SELECT name, fingerprint, reach, $2, true, $3 FROM (
       SELECT DISTINCT ON (name) * FROM document_approval WHERE name = ANY ($1) ORDER BY name, number DESC) AS latest
     WHERE NOT is_withdrawn`,
    [names, BY_TEREZE, at.toISOString()],
  );
  return count;
}
