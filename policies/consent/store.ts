import { confirmConsent } from './confirm.js';
import { CONSENT_COLUMNS, statusOf, type ConsentRow } from './consent-rows.js';
import { giveConsent } from './give.js';
import { listConsents } from './pages.js';
import type { ConsentQuestion, ConsentState, ConsentStore } from './port.js';
import type { ConsentStoreOptions } from './revisions.js';
import { withdrawConsent } from './withdraw.js';

/**
 * Consents in PostgreSQL.
 *
 * Consents to the same categories, for the same agency, purpose and case, are one record. Giving the
 * consent again adds a revision with the new end, so that one withdrawal ends it; an earlier end than
 * before is a restriction. The caller may repeat `give`, `withdraw` and `confirm` when their outcome is unknown.
 */
export function createConsentStore(options: ConsentStoreOptions): ConsentStore {
  return {
    states: (question) => readStates(question, options),
    give: (tx, consent) => giveConsent(tx, consent, options),
    withdraw: (tx, withdrawal) => withdrawConsent(tx, withdrawal, options),
    confirm: (tx, confirmation) => confirmConsent(tx, confirmation, options),
    list: (subject, page) => listConsents(subject, page, options),
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
    `SELECT subject_token, ${CONSENT_COLUMNS} FROM consent_record JOIN consent_agreement USING (agreement_id)
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
