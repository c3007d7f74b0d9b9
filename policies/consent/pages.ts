import { CONSENT_COLUMNS, consentRecordOf, type ConsentRow } from './consent-rows.js';
import { cursorOf, pageEndOf } from './page-cursor.js';
import type { ConsentPage, PageRequest } from './port.js';
import type { ConsentStoreOptions } from './revisions.js';

interface PageRow extends ConsentRow {
  readonly first_given: string;
}

/** The order of a person's consents. Nothing in it changes while a consent is given again, withdrawn or confirmed. */
const FIRST_GIVEN = 'coalesce(first_given_at, given_at)';

/**
 * Returns a page of a person's consents, those that were given first last. A consent that is there before the first
 * page is read is on exactly one page, also if it is changed meanwhile.
 */
export async function listConsents(
  subject: string,
  { limit, after }: PageRequest,
  { sql, pseudonyms, clock }: ConsentStoreOptions,
): Promise<ConsentPage> {
  const end = after === undefined ? undefined : pageEndOf(after);
  const isBeyond = `AND (${FIRST_GIVEN}, consent_id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid)`;
  const { rows } = await sql.query<PageRow>(
    `SELECT ${CONSENT_COLUMNS}, (extract(epoch FROM ${FIRST_GIVEN}) * 1000000)::bigint::text AS first_given
     FROM consent_record JOIN consent_agreement USING (agreement_id)
     WHERE subject_token = $1 ${end === undefined ? '' : isBeyond}
     ORDER BY ${FIRST_GIVEN} DESC, consent_id DESC LIMIT $2`,
    [pseudonyms.token(subject), limit + 1, ...(end === undefined ? [] : [end.firstGiven, end.id])],
  );
  const now = clock.now();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? cursorOf({ firstGiven: last.first_given, id: last.consent_id })
      : undefined;
  return { consents: page.map((row) => consentRecordOf(row, now)), ...(next === undefined ? {} : { next }) };
}
