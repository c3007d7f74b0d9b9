import type { Clock } from '../../schemas/ports/clock.js';
import type { Pseudonyms } from '../../schemas/ports/pseudonyms.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql, SqlExecutor } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import { consentRecordOf, statusOf, type ConsentRow } from './consent-rows.js';
import type { ConsentQuestion, ConsentRecord, ConsentState, ConsentStore, Evidence, NewConsent } from './port.js';

/** The citizen has no such consent. The error does not say whether another person has it. */
export class ConsentNotFound extends Error {
  constructor() {
    super('no such consent of this person');
    this.name = 'ConsentNotFound';
  }
}

export interface ConsentStoreOptions {
  readonly sql: Sql;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  readonly random: Random;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const COLUMNS = `consent_id, agency, purpose, case_number, categories, revision, status, given_at, valid_until, withdrawn_at`;

/**
 * Consents in PostgreSQL.
 *
 * Consents to the same categories, for the same agency, purpose and case, are one record. Giving the
 * consent again adds a revision with the new end, so that one withdrawal ends it. A failure changes
 * nothing; the caller may repeat `give` and `withdraw` when their outcome is unknown.
 */
export function createConsentStore(options: ConsentStoreOptions): ConsentStore {
  return {
    states: (question) => readStates(question, options),
    give: (consent) => giveConsent(consent, options),
    withdraw: (consentId, subject, evidence) => withdrawConsent(consentId, subject, evidence, options),
    list: (subject) => listConsents(subject, options),
  };
}

interface StateRow extends ConsentRow {
  readonly subject_token: string;
}

async function readStates(
  question: ConsentQuestion,
  { sql, pseudonyms, clock }: ConsentStoreOptions,
): Promise<ReadonlyMap<string, readonly ConsentState[]>> {
  const subjectOf = new Map(question.subjects.map((subject) => [pseudonyms.token(subject), subject]));
  const { rows } = await sql.query<StateRow>(
    `SELECT subject_token, ${COLUMNS} FROM consent_record JOIN consent_agreement USING (agreement_id)
     WHERE subject_token = ANY ($1) AND agency = $2 AND purpose = $3 AND case_number IN ('', $4)
     ORDER BY changed_at DESC, consent_id`,
    [[...subjectOf.keys()], question.agency, question.purpose, question.caseNumber ?? ''],
  );
  const states = new Map<string, ConsentState[]>();
  const now = clock.now();
  for (const row of rows) {
    const subject = subjectOf.get(row.subject_token);
    if (subject === undefined) continue;
    const state = {
      consentId: row.consent_id,
      revision: row.revision,
      categories: row.categories,
      status: statusOf(row, now),
    };
    states.set(subject, [...(states.get(subject) ?? []), state]);
  }
  return states;
}

async function giveConsent(
  consent: NewConsent,
  { sql, pseudonyms, clock, random }: ConsentStoreOptions,
): Promise<ConsentRecord> {
  const now = clock.now();
  assertMeaningful(consent, now);
  return sql.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO consent_agreement (agency, purpose, opened_at) VALUES ($1, $2, $3) ON CONFLICT (agency, purpose) DO NOTHING`,
      [consent.agency, consent.purpose, now.toISOString()],
    );
    const { rows } = await tx.query<ConsentRow>(
      `WITH agreement AS (SELECT agreement_id, agency, purpose FROM consent_agreement WHERE agency = $2 AND purpose = $3),
       record AS (
         INSERT INTO consent_record AS known
           (consent_id, agreement_id, subject_token, case_number, categories, revision, status, given_at, valid_until, changed_at)
         SELECT $1, agreement_id, $4, $5, $6, 1, 'given', $7, $8, $7 FROM agreement
         ON CONFLICT (subject_token, agreement_id, case_number, categories) DO UPDATE
           SET revision = known.revision + 1, status = 'given', given_at = excluded.given_at,
               valid_until = excluded.valid_until, withdrawn_at = NULL, changed_at = excluded.changed_at
         RETURNING *)
       SELECT ${COLUMNS} FROM record JOIN agreement USING (agreement_id)`,
      [
        random.uuid(),
        consent.agency,
        consent.purpose,
        pseudonyms.token(consent.subject),
        consent.caseNumber ?? '',
        [...new Set(consent.categories)].sort(),
        now.toISOString(),
        consent.validUntil,
      ],
    );
    return keepRevision(tx, onlyRow(rows), consent.evidence, now);
  });
}

function assertMeaningful(consent: NewConsent, now: Date): void {
  if (consent.categories.length === 0) throw new Refusal('BAD_USER_INPUT', { reasons: ['categories'] });
  if (!(Date.parse(consent.validUntil) > now.getTime()))
    throw new Refusal('BAD_USER_INPUT', { reasons: ['validUntil'] });
}

async function withdrawConsent(
  consentId: string,
  subject: string,
  evidence: Evidence,
  { sql, pseudonyms, clock }: ConsentStoreOptions,
): Promise<ConsentRecord> {
  if (!UUID.test(consentId)) throw new ConsentNotFound();
  const token = pseudonyms.token(subject);
  const now = clock.now();
  return sql.transaction(async (tx) => {
    // This waits for completions that hold the record: they come into the log before the withdrawal, or not at all.
    const { rows } = await tx.query<ConsentRow>(
      `UPDATE consent_record SET revision = revision + 1, status = 'withdrawn', withdrawn_at = $3, changed_at = $3
       FROM consent_agreement
       WHERE consent_agreement.agreement_id = consent_record.agreement_id
         AND consent_id = $1 AND subject_token = $2 AND status = 'given'
       RETURNING ${COLUMNS}`,
      [consentId, token, now.toISOString()],
    );
    const [withdrawn] = rows;
    return withdrawn === undefined
      ? alreadyWithdrawn(tx, consentId, token, now)
      : keepRevision(tx, withdrawn, evidence, now);
  });
}

async function alreadyWithdrawn(tx: SqlExecutor, consentId: string, token: string, now: Date): Promise<ConsentRecord> {
  const { rows } = await tx.query<ConsentRow>(
    `SELECT ${COLUMNS} FROM consent_record JOIN consent_agreement USING (agreement_id) WHERE consent_id = $1 AND subject_token = $2`,
    [consentId, token],
  );
  const [row] = rows;
  if (row === undefined) throw new ConsentNotFound();
  return consentRecordOf(row, now);
}

async function keepRevision(tx: SqlExecutor, row: ConsentRow, evidence: Evidence, now: Date): Promise<ConsentRecord> {
  await tx.query(
    `INSERT INTO consent_revision
       (consent_id, revision, status, valid_until, made_at, evidence_issuer, evidence_token_hash, evidence_assurance, evidence_request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.consent_id,
      row.revision,
      row.status,
      row.valid_until,
      now.toISOString(),
      evidence.issuer,
      evidence.tokenHash,
      evidence.assurance,
      evidence.requestId,
    ],
  );
  return consentRecordOf(row, now);
}

async function listConsents(
  subject: string,
  { sql, pseudonyms, clock }: ConsentStoreOptions,
): Promise<readonly ConsentRecord[]> {
  const { rows } = await sql.query<ConsentRow>(
    `SELECT ${COLUMNS} FROM consent_record JOIN consent_agreement USING (agreement_id) WHERE subject_token = $1 ORDER BY changed_at DESC, consent_id`,
    [pseudonyms.token(subject)],
  );
  const now = clock.now();
  return rows.map((row) => consentRecordOf(row, now));
}

function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}
