import { expect } from 'chai';
import { createConsentGuard } from '../../../policies/consent/guard.js';
import type { ConsentRecord, Evidence, NewConsent } from '../../../policies/consent/port.js';
import { createConsentStore } from '../../../policies/consent/store.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import type { ConsentClaim } from '../../../schemas/vocabulary.js';
import { createRestrictionCounter } from '../../../gateway/state/restrictions.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { movingClock, type MovingClock } from '../moving-clock.js';
import { ADULT } from '../people.js';
import { EVERY_TEXT, inTransactions, WIDE_BOUNDS, type InTransactions } from './in-transactions.js';

const evidence: Evidence = { issuer: 'i', tokenHash: 'a'.repeat(64), assurance: 'a', requestId: 'r' };
const consent = (categories: readonly string[]): NewConsent => ({
  subject: ADULT,
  agency: 'housing',
  purpose: 'housing_queue',
  categories,
  validUntil: '2026-04-01T00:00:00.000Z',
  evidence,
});
const claimOf = ({ id, revision }: ConsentRecord): ConsentClaim => ({ consentId: id, revision });
const UNKNOWN_CONSENT: ConsentClaim = { consentId: '11111111-1111-4111-8111-111111111111', revision: 1 };

describe('consent guard', () => {
  let database: TestDatabase;
  let clock: MovingClock;
  let store: InTransactions;

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations', 'gateway/state/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision');
    clock = movingClock('2026-03-02T00:00:00.000Z');
    const options = {
      sql: database.sql,
      pseudonyms: createPseudonyms(Buffer.alloc(32, 1)),
      clock,
      restrictions: createRestrictionCounter(clock),
      bounds: WIDE_BOUNDS,
      texts: EVERY_TEXT,
    };
    store = inTransactions(database.sql, createConsentStore(options));
  });

  const stale = (claims: readonly ConsentClaim[]): Promise<readonly ConsentClaim[]> =>
    database.sql.transaction((tx) => createConsentGuard(clock)(tx, claims));

  it('passes current revisions', async () => {
    const claims = [claimOf(await store.give(consent(['a']))), claimOf(await store.give(consent(['b'])))];
    expect(await stale([...claims, ...claims])).to.deep.equal([]);
    expect(await stale([])).to.deep.equal([]);
  });

  it('names what was withdrawn, given again, has ended, or never was, and only that', async () => {
    const kept = claimOf(await store.give(consent(['kept'])));
    const withdrawn = claimOf(await store.give(consent(['withdrawn'])));
    const renewed = claimOf(await store.give(consent(['renewed'])));
    await store.withdraw(withdrawn.consentId, ADULT, evidence);
    await store.give(consent(['renewed']));
    expect(await stale([kept, withdrawn, renewed, UNKNOWN_CONSENT])).to.deep.equal([
      withdrawn,
      renewed,
      UNKNOWN_CONSENT,
    ]);
    expect(await stale([{ ...withdrawn, revision: 2 }])).to.deep.equal([{ ...withdrawn, revision: 2 }]);
    clock.moveTo('2026-04-01T00:00:00.000Z');
    expect(await stale([kept])).to.deep.equal([kept]);
  });

  it('makes a withdrawal wait until the completion is done', async () => {
    const claim = claimOf(await store.give(consent(['a'])));
    const order: string[] = [];
    let withdrawal: Promise<void> | undefined;
    await database.sql.transaction(async (tx) => {
      expect(await createConsentGuard(clock)(tx, [claim])).to.deep.equal([]);
      withdrawal = store.withdraw(claim.consentId, ADULT, evidence).then(() => void order.push('withdrawn'));
      await untilOneWaits(database);
      order.push('completed');
    });
    await withdrawal;
    expect(order).to.deep.equal(['completed', 'withdrawn']);
  });

  it('waits for a withdrawal that came first, and sees it', async () => {
    const claim = claimOf(await store.give(consent(['a'])));
    let found: Promise<readonly ConsentClaim[]> | undefined;
    await database.sql.transaction(async (tx) => {
      await tx.query(
        `UPDATE consent_record SET status = 'withdrawn', withdrawn_at = changed_at, revision = 2 WHERE consent_id = $1`,
        [claim.consentId],
      );
      found = stale([claim]);
      await untilOneWaits(database);
    });
    expect(await found).to.deep.equal([claim]);
  });

  it('lets completions that rely on the same consent pass each other', async () => {
    const claim = claimOf(await store.give(consent(['a'])));
    await database.sql.transaction(async (tx) => {
      expect(await createConsentGuard(clock)(tx, [claim])).to.deep.equal([]);
      expect(await stale([claim])).to.deep.equal([]);
    });
  });

  it('rejects a claim that is no id, so that nothing is recorded on it', async () => {
    const outcome = await stale([{ consentId: 'x', revision: 1 }]).then(
      () => 'passed',
      () => 'rejected',
    );
    expect(outcome).to.equal('rejected');
  });
});

/** Resolves once a connection to this database stands before a lock. */
async function untilOneWaits({ ownerSql }: TestDatabase): Promise<void> {
  for (;;) {
    const { rows } = await ownerSql.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
