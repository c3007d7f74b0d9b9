import type { NumberedRestriction, Restriction } from '../../schemas/ports/restrictions.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';

/** The act of an operator after which the consents of a restored database are right again. */
export interface RestoringAct {
  /** Request id of the entry that states the act. */
  readonly requestId: string;
  readonly at: Date;
}

/** Evidence of a revision that no citizen made. */
const EVIDENCE = { issuer: 'tereze', tokenHash: '', assurance: 'operator' } as const;

/**
 * Keeps completions and changes of consents waiting until the transaction ends. First statement of an
 * acceptance: all others lock consents before anything else, too.
 */
export async function lockConsents(owner: SqlExecutor): Promise<void> {
  await owner.query('LOCK TABLE consent_record IN EXCLUSIVE MODE');
}

/**
 * Applies restrictions that the database does not know: it went back to a time before them. A consent
 * that was ever withdrawn in that time is withdrawn. One that was narrowed or suspended is suspended,
 * because its earlier end is not known. Resolves with the number of consents that changed.
 */
export async function restrictConsents(
  owner: SqlExecutor,
  restrictions: readonly NumberedRestriction[],
  act: RestoringAct,
): Promise<number> {
  const revisions = (kinds: readonly Restriction['kind'][]): ReadonlyMap<string, number> => {
    const newest = new Map<string, number>();
    for (const { kind, id, revision } of restrictions)
      if (kinds.includes(kind)) newest.set(id, Math.max(revision, newest.get(id) ?? 0));
    return newest;
  };
  const withdrawn = revisions(['withdrawal']);
  const suspended = new Map([...revisions(['narrowing', 'suspension'])].filter(([id]) => !withdrawn.has(id)));
  return (
    (await change(owner, 'withdrawn', withdrawn, "status <> 'withdrawn'", act)).length +
    (await change(owner, 'suspended', suspended, "status = 'given'", act)).length
  );
}

/**
 * Suspends every consent in force. Resolves with these restrictions, which have no number yet.
 */
export async function suspendConsents(owner: SqlExecutor, act: RestoringAct): Promise<readonly Restriction[]> {
  const { rows } = await owner.query<{ readonly consent_id: string }>(
    `SELECT consent_id FROM consent_record WHERE status = 'given' AND valid_until > $1`,
    [act.at.toISOString()],
  );
  const all = new Map(rows.map(({ consent_id: id }) => [id, 0]));
  return change(owner, 'suspended', all, "status = 'given'", act);
}

/** Gives consents a new status and a new revision, at least the one given here, with evidence of the act. */
async function change(
  owner: SqlExecutor,
  status: 'withdrawn' | 'suspended',
  revisionOf: ReadonlyMap<string, number>,
  condition: string,
  { requestId, at }: RestoringAct,
): Promise<readonly Restriction[]> {
  if (revisionOf.size === 0) return [];
  const { rows } = await owner.query<{ readonly consent_id: string; readonly revision: number }>(
    `WITH changed AS (
       UPDATE consent_record AS record SET revision = greatest(record.revision + 1, lost.revision), status = $3,
         withdrawn_at = CASE WHEN $3 = 'withdrawn' THEN $4::timestamptz END, changed_at = $4
       FROM unnest($1::uuid[], $2::int[]) AS lost (id, revision)
       WHERE consent_id = lost.id AND ${condition}
       RETURNING consent_id, record.revision, valid_until, texts),
     kept AS (
       INSERT INTO consent_revision
         (consent_id, revision, status, valid_until, made_at, evidence_issuer, evidence_token_hash, evidence_assurance, evidence_request_id, texts)
       SELECT consent_id, revision, $3, valid_until, $4, $5, $6, $7, $8, texts FROM changed)
     SELECT consent_id, revision FROM changed`,
    [
      [...revisionOf.keys()],
      [...revisionOf.values()],
      status,
      at.toISOString(),
      EVIDENCE.issuer,
      EVIDENCE.tokenHash,
      EVIDENCE.assurance,
      requestId,
    ],
  );
  const kind = status === 'withdrawn' ? 'withdrawal' : 'suspension';
  return rows.map(({ consent_id: id, revision }) => ({ kind, id, revision }));
}
