import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import type { ConsentTerms } from './consent-id.js';

/**
 * How many consents a person may give. Only what citizens do with their own tokens counts, and each agency for itself:
 * no one else can use the bound of a person up, and what one agency asks for leaves room for the others.
 */
export interface ConsentBounds {
  /** In force at once, or suspended: of one person, for one agency and purpose. */
  readonly inForce: number;
  /** Given within an hour, again or for the first time: by one person, to one agency. */
  readonly newPerHour: number;
}

/** The consent that is to be given. */
export interface BoundedConsent {
  readonly agreementId: string;
  readonly terms: ConsentTerms;
}

const HOUR_MS = 3_600_000;

/**
 * Refuses a consent beyond a bound of the person. Returns only when others that this person gives to this agency at the same
 * time are done, so that they are counted. Withdrawals do not wait for it.
 *
 * @throws Refusal `CONSENT_BOUND_REACHED` with the bound, and the time when it lets the next one through.
 */
export async function assertWithinBounds(
  tx: SqlExecutor,
  consent: BoundedConsent,
  { inForce, newPerHour }: ConsentBounds,
  now: Date,
): Promise<void> {
  const { subjectToken, agency } = consent.terms;
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`consent ${subjectToken} ${agency}`]);
  const hourEnds = await hourFullUntil(tx, consent, newPerHour, now);
  if (hourEnds !== undefined) throw bound('new_per_hour', hourEnds, now);
  const endsAt = await inForceFullUntil(tx, consent, inForce, now);
  if (endsAt !== undefined) throw bound('in_force', endsAt, now);
}

function bound(reason: 'new_per_hour' | 'in_force', endsAt: Date, now: Date): Refusal {
  const retryAfterS = Math.max(1, Math.ceil((endsAt.getTime() - now.getTime()) / 1_000));
  return new Refusal('CONSENT_BOUND_REACHED', { reasons: [reason], retryAfterS, endsAt: endsAt.toISOString() });
}

/** Resolves with when the last `most` acts of giving no longer fall into one hour; undefined if there were fewer. */
async function hourFullUntil(
  tx: SqlExecutor,
  { terms: { subjectToken, agency } }: BoundedConsent,
  most: number,
  now: Date,
): Promise<Date | undefined> {
  // A revision `given` that is younger than the last act of giving is a confirmation.
  const { rows } = await tx.query<{ readonly made_at: string }>(
    `SELECT act.made_at FROM consent_record AS record
     JOIN consent_agreement USING (agreement_id) JOIN consent_revision AS act USING (consent_id)
     WHERE subject_token = $1 AND agency = $2 AND record.given_at > $3
       AND act.made_at > $3 AND act.made_at <= record.given_at AND act.status = 'given'
     ORDER BY act.made_at DESC LIMIT 1 OFFSET $4`,
    [subjectToken, agency, new Date(now.getTime() - HOUR_MS).toISOString(), most - 1],
  );
  const [oldest] = rows;
  return oldest === undefined ? undefined : new Date(Date.parse(oldest.made_at) + HOUR_MS);
}

/**
 * Resolves with when fewer than `most` other consents are in force; undefined if there are fewer now, or if this one is in
 * force already: to give it again adds none.
 */
async function inForceFullUntil(
  tx: SqlExecutor,
  { agreementId, terms: { subjectToken, caseNumber, categories } }: BoundedConsent,
  most: number,
  now: Date,
): Promise<Date | undefined> {
  const { rows } = await tx.query<{ readonly valid_until: string }>(
    `SELECT valid_until FROM consent_record
     WHERE subject_token = $1 AND agreement_id = $2 AND status <> 'withdrawn' AND valid_until > $3
       AND NOT EXISTS (
         SELECT FROM consent_record WHERE subject_token = $1 AND agreement_id = $2 AND case_number = $4 AND categories = $5
           AND status <> 'withdrawn' AND valid_until > $3)
     ORDER BY valid_until DESC LIMIT 1 OFFSET $6`,
    [subjectToken, agreementId, now.toISOString(), caseNumber, categories, most - 1],
  );
  const [soonest] = rows;
  return soonest === undefined ? undefined : new Date(soonest.valid_until);
}
