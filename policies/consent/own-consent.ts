import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { CONSENT_COLUMNS, consentRecordOf, type ConsentRow } from './consent-rows.js';
import type { ConsentRecord } from './port.js';
import type { ConsentStoreOptions } from './revisions.js';

/** The citizen has no such consent. The error does not say whether another person has it. */
export class ConsentNotFound extends Error {
  constructor() {
    super('no such consent of this person');
    this.name = 'ConsentNotFound';
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws ConsentNotFound for what cannot be the id of a consent. */
export function assertConsentId(id: string): void {
  if (!UUID.test(id)) throw new ConsentNotFound();
}

/** A change of a consent: what is set, and which states of it are changed. Both are SQL, in which `$3` is real time now. */
interface OwnChange {
  readonly set: string;
  readonly where: string;
}

/**
 * Changes a consent of this person to its next revision. Resolves with undefined if it is not this person's, not there, or
 * in another state. It waits for completions that hold the record: they come into the log before the change, or not at all.
 */
export async function changeOwnConsent(
  tx: SqlExecutor,
  { consentId, token, now }: { readonly consentId: string; readonly token: string; readonly now: Date },
  { set, where }: OwnChange,
): Promise<ConsentRow | undefined> {
  const { rows } = await tx.query<ConsentRow>(
    `UPDATE consent_record SET revision = revision + 1, changed_at = $3, ${set}
     FROM consent_agreement
     WHERE consent_agreement.agreement_id = consent_record.agreement_id
       AND consent_id = $1 AND subject_token = $2 AND ${where}
     RETURNING ${CONSENT_COLUMNS}`,
    [consentId, token, now.toISOString()],
  );
  return rows[0];
}

/** Returns the consent of this person as it is. Rejects with `ConsentNotFound` if it is not this person's, or not there. */
export async function ownConsent(
  tx: SqlExecutor,
  consentId: string,
  subjectToken: string,
  { clock }: ConsentStoreOptions,
): Promise<ConsentRecord> {
  const { rows } = await tx.query<ConsentRow>(
    `SELECT ${CONSENT_COLUMNS} FROM consent_record JOIN consent_agreement USING (agreement_id) WHERE consent_id = $1 AND subject_token = $2`,
    [consentId, subjectToken],
  );
  const [row] = rows;
  if (row === undefined) throw new ConsentNotFound();
  return consentRecordOf(row, clock.now());
}
