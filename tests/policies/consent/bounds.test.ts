import fc from 'fast-check';
import { expect } from 'chai';
import type { ConsentBounds } from '../../../policies/consent/bounds.js';
import type { ConsentRecord, Evidence, NewConsent } from '../../../policies/consent/port.js';
import { suspendConsents } from '../../../policies/consent/restrict.js';
import { createConsentStore } from '../../../policies/consent/store.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { Refusal } from '../../../schemas/refusal.js';
import { createRestrictionCounter } from '../../../gateway/state/restrictions.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { movingClock, type MovingClock } from '../moving-clock.js';
import { ADULT, SPOUSE } from '../people.js';
import { EVERY_TEXT, inTransactions, WIDE_BOUNDS, type InTransactions } from './in-transactions.js';

const evidence: Evidence = { issuer: 'https://issuer', tokenHash: 'a'.repeat(64), assurance: 'acr', requestId: 'r-1' };
const START = '2026-03-02T00:00:00.000Z';
const minutesLater = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();
const daysLater = (days: number): string => minutesLater(days * 1_440);

let number = 0;
const consent = (changed: Partial<NewConsent> = {}): NewConsent => ({
  ...{ subject: ADULT, agency: 'housing', purpose: 'housing_queue', caseNumber: `C-${(number += 1)}` },
  ...{ categories: ['property.land'], validUntil: daysLater(30), evidence },
  ...changed,
});

describe('bounds of consents', () => {
  let database: TestDatabase;
  let clock: MovingClock;

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations', 'gateway/state/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision, restriction');
    clock = movingClock(START);
  });

  const storeWith = (bounds: Partial<ConsentBounds>): InTransactions =>
    inTransactions(
      database.sql,
      createConsentStore({
        ...{ sql: database.sql, pseudonyms: createPseudonyms(Buffer.alloc(32, 1)), clock },
        ...{ restrictions: createRestrictionCounter(clock), bounds: { ...WIDE_BOUNDS, ...bounds }, texts: EVERY_TEXT },
      }),
    );
  const giveIn = async (store: InTransactions, days: number, changed: Partial<NewConsent> = {}) =>
    store.give(consent({ validUntil: daysLater(days), ...changed }));
  const refusal = async (given: Promise<ConsentRecord>): Promise<unknown> => {
    const error = await rejection(given);
    if (!(error instanceof Refusal)) throw error;
    const { code, status, reasons, retryAfterS, endsAt } = error;
    expect([code, status]).to.deep.equal(['CONSENT_BOUND_REACHED', 429]);
    return { reason: reasons.join(' '), retryAfterS, endsAt };
  };

  describe('in force', () => {
    it('let as many through as they say, and tell when the next one can be given', async () => {
      const store = storeWith({ inForce: 3 });
      for (const days of [10, 2, 5]) await giveIn(store, days);
      expect(await refusal(giveIn(store, 1))).to.deep.equal({
        ...{ reason: 'in_force', retryAfterS: 2 * 86_400, endsAt: daysLater(2) },
      });
      clock.moveTo(daysLater(2));
      await giveIn(store, 4);
    });

    it('tell the time when enough have ended, where more are in force than they allow', async () => {
      for (const days of [1, 2, 3, 4]) await giveIn(storeWith({}), days);
      expect(await refusal(giveIn(storeWith({ inForce: 2 }), 9))).to.include({ endsAt: daysLater(3) });
    });

    it('hold for one person, agency and purpose, and over all their cases and categories', async () => {
      const store = storeWith({ inForce: 1 });
      await giveIn(store, 1);
      for (const other of [{ subject: SPOUSE }, { agency: 'social' }, { purpose: 'birth_allowance' }])
        await giveIn(store, 1, other);
      for (const same of [{}, { categories: ['property.vehicles'] }])
        expect(await refusal(giveIn(store, 1, same))).to.include({ reason: 'in_force' });
    });

    it('are made free by a withdrawal, and not by a suspension', async () => {
      const store = storeWith({ inForce: 1 });
      const { id } = await giveIn(store, 1);
      await suspendConsents(database.ownerSql, { requestId: 'r', at: clock.now() });
      expect(await refusal(giveIn(store, 1))).to.include({ reason: 'in_force' });
      await store.confirm(id, ADULT, evidence);
      await store.withdraw(id, ADULT, evidence);
      await giveIn(store, 1);
    });

    it('let one in force be given again, also where more are in force than they allow', async () => {
      const wide = storeWith({});
      await giveIn(wide, 1, { caseNumber: 'again' });
      await giveIn(wide, 1);
      const store = storeWith({ inForce: 1 });
      expect(await giveIn(store, 2, { caseNumber: 'again' })).to.include({ revision: 2 });
      expect(await refusal(giveIn(store, 2))).to.include({ reason: 'in_force' });
    });
  });

  describe('within an hour', () => {
    it('count every act of giving, the same consent given again included', async () => {
      const store = storeWith({ newPerHour: 3 });
      await giveIn(store, 1, { caseNumber: 'again' });
      clock.moveTo(minutesLater(10));
      await giveIn(store, 2, { caseNumber: 'again' });
      clock.moveTo(minutesLater(20));
      await giveIn(store, 1);
      expect(await refusal(giveIn(store, 1))).to.deep.equal({
        ...{ reason: 'new_per_hour', retryAfterS: 40 * 60, endsAt: minutesLater(60) },
      });
      clock.moveTo(minutesLater(60));
      await giveIn(store, 1);
      expect(await refusal(giveIn(store, 1))).to.include({ endsAt: minutesLater(70) });
    });

    it('hold for one person and agency, over all its purposes, and are not made free by a withdrawal', async () => {
      const store = storeWith({ newPerHour: 1 });
      const { id } = await giveIn(store, 1);
      for (const other of [{ subject: SPOUSE }, { agency: 'social' }]) await giveIn(store, 1, other);
      await store.withdraw(id, ADULT, evidence);
      expect(await refusal(giveIn(store, 1, { purpose: 'birth_allowance' }))).to.include({ reason: 'new_per_hour' });
    });

    it('count no act of an operator and no confirmation', async () => {
      const store = storeWith({ newPerHour: 2 });
      const { id } = await giveIn(store, 1);
      clock.moveTo(minutesLater(1));
      for (let times = 0; times < 3; times += 1) {
        await suspendConsents(database.ownerSql, { requestId: 'r', at: clock.now() });
        await store.confirm(id, ADULT, evidence);
      }
      expect(await giveIn(store, 1)).to.include({ status: 'given' });
    });
  });

  it('let no more through when many are given at the same time', async () => {
    const store = storeWith({ inForce: 3 });
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => giveIn(store, 1)));
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(3);
  });

  it('stand before no withdrawal, of which there may be many, and of which none waits for a consent that is being given', async () => {
    const wide = storeWith({});
    const ids: string[] = [];
    for (let times = 0; times < 40; times += 1) ids.push((await giveIn(wide, 1)).id);
    const options = { pseudonyms: createPseudonyms(Buffer.alloc(32, 1)), clock };
    const restrictions = createRestrictionCounter(clock);
    const store = createConsentStore({
      ...options,
      sql: database.sql,
      restrictions,
      bounds: WIDE_BOUNDS,
      texts: EVERY_TEXT,
    });
    await database.sql.transaction(async (tx) => {
      await store.give(tx, consent());
      for (const id of ids)
        expect(await storeWith({ inForce: 1, newPerHour: 1 }).withdraw(id, ADULT, evidence)).to.include({
          status: 'withdrawn',
        });
    });
  });

  it('refuse exactly what goes beyond them, in any order of acts', async function () {
    this.timeout(120_000);
    const act = fc.record({
      what: fc.constantFrom('give', 'give', 'give', 'withdraw'),
      which: fc.nat(5),
      days: fc.integer({ min: 1, max: 3 }),
      later: fc.constantFrom(0, 0, 15, 45, 1_440),
    });
    const bounds = fc.record({ inForce: fc.integer({ min: 1, max: 3 }), newPerHour: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(bounds, fc.array(act, { minLength: 1, maxLength: 14 }), async (bound, acts) => {
        await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision, restriction');
        const store = storeWith(bound);
        const ends = new Map<number, number>();
        const given: number[] = [];
        let minute = 0;
        for (const { what, which, days, later } of acts) {
          minute += later;
          clock.moveTo(minutesLater(minute));
          const terms = consent({ caseNumber: `S-${which}`, validUntil: minutesLater(minute + days * 1_440) });
          if (what === 'withdraw') {
            const known = (await store.list(ADULT)).find(({ caseNumber }) => caseNumber === `S-${which}`);
            if (known !== undefined) await store.withdraw(known.id, ADULT, evidence);
            ends.delete(which);
            continue;
          }
          const inForce = [...ends].filter(([, end]) => end > minute).map(([one]) => one);
          const isFull = !inForce.includes(which) && inForce.length >= bound.inForce;
          const isFast = given.filter((at) => at > minute - 60).length >= bound.newPerHour;
          if (isFull || isFast) {
            const told = (await refusal(store.give(terms))) as { readonly endsAt: string };
            expect(Date.parse(told.endsAt)).to.be.greaterThan(clock.now().getTime());
          } else {
            await store.give(terms);
            ends.set(which, minute + days * 1_440);
            given.push(minute);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
