import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { assertConsentId, changeOwnConsent, ownConsent } from './own-consent.js';
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
  const withdrawn = await changeOwnConsent(
    tx,
    { consentId, token, now },
    { set: `status = 'withdrawn', withdrawn_at = $3`, where: `status <> 'withdrawn'` },
  );
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
