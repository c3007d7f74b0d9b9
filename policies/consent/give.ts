import { Refusal } from '../../schemas/refusal.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { assertWithinBounds } from './bounds.js';
import { consentIdOf, type ConsentTerms } from './consent-id.js';
import { CONSENT_COLUMNS, statusOf, type ConsentRow } from './consent-rows.js';
import type { ChangedConsent, NewConsent } from './port.js';
import { keepRevision, noteRestriction, onlyRow, type ConsentStoreOptions } from './revisions.js';
import { keepTexts, type ConsentText, type ConsentTexts } from './texts.js';

/**
 * Gives a consent, in the transaction of the caller: a new record, or a new revision of the record with
 * the same terms. An earlier end of a consent in force is noted as a restriction.
 *
 * @throws Refusal `BAD_USER_INPUT` for no categories or one of which nothing is known, or an end that is not in the future; `CONSENT_BOUND_REACHED`.
 */
export async function giveConsent(
  tx: SqlExecutor,
  consent: NewConsent,
  options: ConsentStoreOptions,
): Promise<ChangedConsent> {
  const now = options.clock.now();
  assertMeaningful(consent, now);
  const agreement = await agreementOf(tx, consent, now);
  const terms = {
    subjectToken: options.pseudonyms.token(consent.subject),
    agency: consent.agency,
    purpose: consent.purpose,
    caseNumber: consent.caseNumber ?? '',
    categories: [...new Set(consent.categories)].sort(),
  };
  await assertWithinBounds(tx, { agreementId: agreement, terms }, options.bounds, now);
  const values = [
    agreement,
    ...[terms.subjectToken, terms.caseNumber, terms.categories],
    ...[now.toISOString(), consent.validUntil],
    await keepTexts(tx, textsOf(terms, options.texts)),
  ];
  const { rows: made } = await tx.query<{ readonly consent_id: string }>(
    `INSERT INTO consent_record
       (consent_id, agreement_id, subject_token, case_number, categories, revision, status, first_given_at, given_at, valid_until, changed_at, texts)
     VALUES ($8, $1, $2, $3, $4, 1, 'given', $5, $5, $6, $5, $7)
     ON CONFLICT DO NOTHING RETURNING consent_id`,
    [...values, consentIdOf(terms)],
  );
  const isNarrowed = made.length === 0 && (await giveAgain(tx, values, consent, now));
  const { rows } = await tx.query<ConsentRow>(
    `SELECT ${CONSENT_COLUMNS} FROM consent_record JOIN consent_agreement USING (agreement_id)
     WHERE agreement_id = $1 AND subject_token = $2 AND case_number = $3 AND categories = $4`,
    values.slice(0, 4),
  );
  const record = await keepRevision(tx, onlyRow(rows), consent.evidence, now);
  return { record, restriction: isNarrowed ? await noteRestriction(tx, 'narrowing', record, options) : undefined };
}

async function agreementOf(tx: SqlExecutor, { agency, purpose }: NewConsent, now: Date): Promise<string> {
  await tx.query(
    `INSERT INTO consent_agreement (agency, purpose, opened_at) VALUES ($1, $2, $3) ON CONFLICT (agency, purpose) DO NOTHING`,
    [agency, purpose, now.toISOString()],
  );
  const { rows } = await tx.query<{ readonly agreement_id: string }>(
    'SELECT agreement_id FROM consent_agreement WHERE agency = $1 AND purpose = $2',
    [agency, purpose],
  );
  return onlyRow(rows).agreement_id;
}

/** Adds a revision to a record that exists. Resolves with whether the consent was in force and ends earlier than before. */
async function giveAgain(
  tx: SqlExecutor,
  values: readonly unknown[],
  { validUntil }: NewConsent,
  now: Date,
): Promise<boolean> {
  const { rows } = await tx.query<Pick<ConsentRow, 'consent_id' | 'status' | 'valid_until'>>(
    `SELECT consent_id, status, valid_until FROM consent_record
     WHERE agreement_id = $1 AND subject_token = $2 AND case_number = $3 AND categories = $4 FOR UPDATE`,
    values.slice(0, 4),
  );
  const before = onlyRow(rows);
  await tx.query(
    `UPDATE consent_record SET revision = revision + 1, status = 'given', first_given_at = coalesce(first_given_at, given_at),
       given_at = $2, valid_until = $3, withdrawn_at = NULL, changed_at = $2, texts = $4
     WHERE consent_id = $1`,
    [before.consent_id, now.toISOString(), validUntil, values[6]],
  );
  return statusOf(before, now) === 'given' && Date.parse(validUntil) < Date.parse(before.valid_until);
}

/** Returns what this consent says: a text for each of its categories. */
function textsOf({ purpose, categories }: ConsentTerms, texts: ConsentTexts): readonly ConsentText[] {
  const said = categories.flatMap((category) => texts.of(purpose, category) ?? []);
  if (said.length < categories.length) throw new Refusal('BAD_USER_INPUT', { reasons: ['categories'] });
  return said;
}

function assertMeaningful(consent: NewConsent, now: Date): void {
  if (consent.categories.length === 0) throw new Refusal('BAD_USER_INPUT', { reasons: ['categories'] });
  if (!(Date.parse(consent.validUntil) > now.getTime()))
    throw new Refusal('BAD_USER_INPUT', { reasons: ['validUntil'] });
}
