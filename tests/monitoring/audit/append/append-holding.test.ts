import { expect } from 'chai';
import fc from 'fast-check';
import { ClaimsStale } from '../../../../monitoring/audit/port.js';
import type { PostgresLog } from '../../../../monitoring/audit/append/postgres-log.js';
import { createConsentGuard, heldConsents } from '../../../../policies/consent/guard.js';
import type { ConsentClaim } from '../../../../schemas/vocabulary.js';
import { openTestDatabase, type TestDatabase } from '../../../gateway/state/test-database.js';
import { movingClock } from '../../../policies/moving-clock.js';
import { completionDraft } from '../drafts.js';
import { MIGRATIONS, openLog } from '../harness.js';

const NOW = '2026-03-02T00:00:00.000Z';
const CONSENTS = 4;
const idOf = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;

/** What happens to one consent: each is a revision, but for time that goes by. */
const change = fc.record({
  consent: fc.integer({ min: 0, max: CONSENTS - 1 }),
  status: fc.constantFrom('given', 'given', 'given', 'suspended', 'withdrawn'),
  /** Seconds from now to its end: over, soon over, far. */
  lasts: fc.constantFrom(-1, 0, 1, 9, 11, 3_600),
});
/** Claims on consents by number, some of which there are not, at the newest revision or another. */
const claim = fc.record({
  consent: fc.integer({ min: 0, max: CONSENTS }),
  behind: fc.constantFrom(0, 0, 0, 0, 1, -1),
});

describe('an append that holds consents', () => {
  let database: TestDatabase;
  const logs: PostgresLog[] = [];
  const clock = movingClock(NOW);

  before(async () => {
    database = await openTestDatabase({ migrations: [MIGRATIONS, 'policies/migrations', 'gateway/state/migrations'] });
    const { ownerSql, sql } = database;
    await ownerSql.query(`INSERT INTO consent_agreement (agency, purpose, opened_at) VALUES ('a', 'p', $1)`, [NOW]);
    const guard = createConsentGuard(clock);
    for (const way of [{ guard, held: heldConsents(clock) }, { guard }])
      logs.push(await openLog(sql, `replica-${logs.length}`, { ...way, poolSize: 2, clock }));
  });
  after(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await database.close();
  });

  /** How a completion with these claims ends: `appended`, or the claims that were stale. */
  const outcome = async (log: PostgresLog, claims: readonly ConsentClaim[]): Promise<unknown> => {
    try {
      await log.append(completionDraft('r'), { claims });
      return 'appended';
    } catch (error) {
      if (error instanceof ClaimsStale) return error.claims;
      throw error;
    }
  };

  it('ends like the check in a transaction, after 1,000 random histories of consents', async function () {
    this.timeout(120_000);
    const ends = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 8 }),
        fc.array(claim, { minLength: 1, maxLength: 4 }),
        async (history, claimed) => {
          const revisions = Array.from(
            { length: CONSENTS },
            (_, consent) => 1 + history.filter((one) => one.consent === consent).length,
          );
          const last = revisions.map((_, consent) => history.findLast((one) => one.consent === consent));
          await database.ownerSql.transaction(async (tx) => {
            await tx.query('DELETE FROM consent_category');
            await tx.query('DELETE FROM consent_record');
            await tx.query(
              `INSERT INTO consent_record (consent_id, agreement_id, subject_token, case_number, categories, revision, status, given_at, valid_until, withdrawn_at, changed_at)
             SELECT id, agreement_id, repeat('0', 64), '', ARRAY[id::text], revision, status, $5::timestamptz - interval '1 day', $5::timestamptz + lasts * interval '1 second',
               CASE WHEN status = 'withdrawn' THEN $5::timestamptz END, $5
             FROM consent_agreement, unnest($1::uuid[], $2::int[], $3::text[], $4::int[]) AS one (id, revision, status, lasts)`,
              [
                revisions.map((_, consent) => idOf(consent)),
                revisions,
                last.map((one) => one?.status ?? 'given'),
                last.map((one) => one?.lasts ?? 3_600),
                NOW,
              ],
            );
          });
          const claims = claimed.map(({ consent, behind }) => ({
            consentId: idOf(consent),
            revision: (revisions[consent] ?? 1) - behind,
          }));
          const [fast, slow] = await Promise.all(logs.map((log) => outcome(log, claims)));
          expect(fast).to.deep.equal(slow);
          const end = fast === 'appended' ? 'appended' : 'stale';
          ends.set(end, (ends.get(end) ?? 0) + 1);
        },
      ),
      { numRuns: 1_000 },
    );
    for (const end of ['appended', 'stale']) expect(ends.get(end), end).to.be.greaterThan(100);
  });
});
