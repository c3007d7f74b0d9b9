import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { CONSENT_COLUMNS, type ConsentRow } from './consent-rows.js';
import { assertConsentId, ownConsent } from './own-consent.js';
import type { ChangedConsent, ConsentAct } from './port.js';
import { keepRevision, noteRestriction, type ConsentStoreOptions } from './revisions.js';

/** Withdraws a consent, in the transaction of the caller. To withdraw it again changes nothing in it. */
export async function withdrawConsent(
  tx: SqlExecutor,
  { consentId, subject, evidence }: ConsentAct,
  options: ConsentStoreOptions,
): Promise<ChangedConsent> {
  assertConsentId(consentId);
  const token = options.pseudonyms.token(subject);
  const now = options.clock.now();
  // This waits for completions that hold the record: they come into the log before the withdrawal, or not at all.
  const { rows } = await tx.query<ConsentRow>(
    `UPDATE consent_record SET revision = revision + 1, status = 'withdrawn', withdrawn_at = $3, changed_at = $3
     FROM consent_agreement
     WHERE consent_agreement.agreement_id = consent_record.agreement_id
       AND consent_id = $1 AND subject_token = $2 AND status <> 'withdrawn'
     RETURNING ${CONSENT_COLUMNS}`,
    [consentId, token, now.toISOString()],
  );
  const [withdrawn] = rows;
  if (withdrawn === undefined) return alreadyWithdrawn(tx, consentId, token, options);
  const record = await keepRevision(tx, withdrawn, evidence, now);
  return { record, restriction: await noteRestriction(tx, 'withdrawal', record, options) };
}

async function alreadyWithdrawn(
  tx: SqlExecutor,
  consentId: string,
  token: string,
  options: ConsentStoreOptions,
): Promise<ChangedConsent> {
  const record = await ownConsent(tx, consentId, token, options);
  const noted = await options.restrictions.noted(tx, consentId);
  return { record, restriction: noted ?? (await noteRestriction(tx, 'withdrawal', record, options)) };
}
