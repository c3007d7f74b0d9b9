import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import { assertConsentId, changeOwnConsent, ownConsent } from './own-consent.js';
import type { ChangedConsent, ConsentAct } from './port.js';
import { keepRevision, type ConsentStoreOptions } from './revisions.js';

/** Puts a suspended consent in force again, in the transaction of the caller. A consent in force stays as it is. */
export async function confirmConsent(
  tx: SqlExecutor,
  { consentId, subject, evidence }: ConsentAct,
  options: ConsentStoreOptions,
): Promise<ChangedConsent> {
  assertConsentId(consentId);
  const token = options.pseudonyms.token(subject);
  const now = options.clock.now();
  const confirmed = await changeOwnConsent(
    tx,
    { consentId, token, now },
    { set: `status = 'given'`, where: `status = 'suspended' AND valid_until > $3` },
  );
  if (confirmed !== undefined)
    return { record: await keepRevision(tx, confirmed, evidence, now), restriction: undefined };
  const record = await ownConsent(tx, consentId, token, options);
  if (record.status === 'given') return { record, restriction: undefined };
  throw new Refusal(record.status === 'expired' ? 'CONSENT_EXPIRED' : 'CONSENT_WITHDRAWN');
}
