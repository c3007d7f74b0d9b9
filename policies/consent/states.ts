import { PREPARED } from '../../schemas/ports/sql.js';
import { statusOf, type ConsentRow } from './consent-rows.js';
import type { ConsentQuestion, ConsentState } from './port.js';
import type { ConsentStoreOptions } from './revisions.js';

/**
 * Reads for each person, case and category at most two consents, each by an index: the one in force whose text covers what is
 * asked and which ends last, and the one that was changed last. How many consents a person has makes no difference. What the
 * index says is checked against the consents themselves.
 */
const STATES = `
WITH asked AS MATERIALIZED (
  SELECT category, fields FROM jsonb_to_recordset($5) AS asked (category text, fields text[])
), covering AS MATERIALIZED (
  SELECT category, text_hash FROM consent_text JOIN asked USING (category)
  WHERE purpose = $3 AND consent_text.fields @> asked.fields AND case_required <= $7
    AND (title, law) IN (SELECT title, law FROM jsonb_to_recordset($6) AS wording (title text, law text))
), accepted AS MATERIALIZED (
  SELECT category, text_hash FROM covering
  UNION ALL
  SELECT category, '' FROM consent_baseline JOIN covering USING (category, text_hash) WHERE purpose = $3
), sought AS MATERIALIZED (
  SELECT token, agreement_id, number
  FROM unnest($1::text[]) AS token CROSS JOIN unnest($4::text[]) AS number CROSS JOIN consent_agreement
  WHERE agency = $2 AND purpose = $3
)
SELECT token, category, covers, consent_id, revision, status, valid_until
FROM (
  SELECT token, agreement_id, category, consent_id, text_hash, bool_or(covers) AS covers
  FROM (
    SELECT token, agreement_id, category, consent_id, text_hash, true AS covers
    FROM sought CROSS JOIN accepted CROSS JOIN LATERAL (
      SELECT consent_id FROM consent_category AS one
      WHERE one.subject_token = token AND one.agreement_id = sought.agreement_id AND one.case_number = number
        AND one.category = accepted.category AND one.text_hash = accepted.text_hash AND one.status = 'given' AND one.valid_until > $8
      ORDER BY one.valid_until DESC, one.changed_at DESC LIMIT 1
    ) AS longest
    UNION ALL
    SELECT token, agreement_id, category, consent_id, text_hash, (category, text_hash) IN (SELECT category, text_hash FROM accepted)
    FROM sought CROSS JOIN asked CROSS JOIN LATERAL (
      SELECT consent_id, text_hash FROM consent_category AS one
      WHERE one.subject_token = token AND one.agreement_id = sought.agreement_id AND one.case_number = number
        AND one.category = asked.category
      ORDER BY one.changed_at DESC LIMIT 1
    ) AS latest
  ) AS either
  GROUP BY token, agreement_id, category, consent_id, text_hash
) AS found
CROSS JOIN LATERAL (
  SELECT revision, status, valid_until, changed_at FROM consent_record AS record
  WHERE record.consent_id = found.consent_id AND record.subject_token = token AND record.agreement_id = found.agreement_id
    AND record.case_number = ANY ($4) AND category = ANY (record.categories)
    AND coalesce(record.texts[array_position(record.categories, category)], '') = text_hash
  LIMIT 1
) AS record
ORDER BY changed_at DESC, consent_id, category`;

interface StateRow extends Pick<ConsentRow, 'consent_id' | 'revision' | 'status' | 'valid_until'> {
  readonly token: string;
  readonly category: string;
  readonly covers: boolean;
}

/** Returns the states of the consents of several people, in one statement. A purpose that is not known has none. */
export async function readStates(
  { agency, purpose, caseNumber, subjects, reads }: ConsentQuestion,
  { sql, pseudonyms, clock, texts }: ConsentStoreOptions,
): Promise<ReadonlyMap<string, readonly ConsentState[]>> {
  const accepted = texts.accepted(purpose);
  if (accepted === undefined) return new Map();
  const subjectOf = new Map(subjects.map((subject) => [pseudonyms.token(subject), subject]));
  const now = clock.now();
  const { rows } = await sql.query<StateRow>(
    STATES,
    [
      [...subjectOf.keys()],
      agency,
      purpose,
      caseNumber === undefined ? [''] : ['', caseNumber],
      JSON.stringify([...reads].map(([category, fields]) => ({ category, fields }))),
      JSON.stringify(accepted.wordings),
      accepted.caseRequired,
      now.toISOString(),
    ],
    PREPARED,
  );
  const states = new Map<string, ConsentState[]>();
  for (const row of rows) {
    const subject = subjectOf.get(row.token);
    if (subject === undefined) continue;
    const known = states.get(subject) ?? [];
    if (known.length === 0) states.set(subject, known);
    known.push(stateOf(row, now));
  }
  return states;
}

/** A consent opens only what it was read for: it is in force, and its text covers what is asked. */
function stateOf(row: StateRow, now: Date): ConsentState {
  const status = statusOf(row, now);
  return {
    consentId: row.consent_id,
    revision: row.revision,
    categories: [row.category],
    status: status === 'given' && !row.covers ? 'outgrown' : status,
  };
}
