import fc from 'fast-check';
import { expect } from 'chai';
import { keepBaseline } from '../../../policies/consent/baseline.js';
import type { ConsentState, Evidence } from '../../../policies/consent/port.js';
import { suspendConsents } from '../../../policies/consent/restrict.js';
import { createConsentStore } from '../../../policies/consent/store.js';
import { createConsentTexts, type ConsentTexts } from '../../../policies/consent/texts.js';
import { parsePurposes } from '../../../policies/decision/purposes.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { Refusal } from '../../../schemas/refusal.js';
import { createRestrictionCounter } from '../../../gateway/state/restrictions.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { movingClock, type MovingClock } from '../moving-clock.js';
import { ADULT } from '../people.js';
import { inTransactions, WIDE_BOUNDS, type InTransactions } from './in-transactions.js';

const evidence: Evidence = { issuer: 'https://issuer', tokenHash: 'a'.repeat(64), assurance: 'acr', requestId: 'r-1' };
const TERMS = { subject: ADULT, agency: 'housing', purpose: 'queue', validUntil: '2026-06-01T00:00:00.000Z', evidence };

interface Rules {
  readonly title?: string;
  readonly law?: string;
  readonly case?: 'required' | 'none';
  readonly earlier?: string;
  /** Fields by category. */
  readonly catalogue?: Readonly<Record<string, readonly string[]>>;
}

const CATALOGUE = { land: ['Land.area', 'Land.address'], vehicles: ['Vehicle.plate'] };

/** The texts of a purposes file and a catalogue. */
const textsOf = ({
  title = 'Queue',
  law = 'Law 1',
  earlier = '',
  catalogue = CATALOGUE,
  ...rules
}: Rules = {}): ConsentTexts => {
  const purposes = parsePurposes(
    'p.yaml',
    `version: 1
purposes:
  queue: { title: ${title}, law: ${law}, ${earlier} bases: [public_task, consent], case: ${rules.case ?? 'required'}, relations: [], max_subjects: 1 }
  lawful: { title: T, law: L, bases: [public_task], case: required, relations: [], max_subjects: 1 }`,
  );
  const fields: Readonly<Record<string, readonly string[]>> = catalogue;
  return createConsentTexts(purposes, Object.keys(fields), (category) => fields[category] ?? []);
};

describe('what a consent says', () => {
  let database: TestDatabase;
  let clock: MovingClock;

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations', 'gateway/state/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query(
      'TRUNCATE consent_agreement, consent_record, consent_revision, restriction, consent_text, consent_baseline, consent_baseline_taken',
    );
    clock = movingClock('2026-03-02T00:00:00.000Z');
  });

  const under = (rules: Rules = {}): InTransactions =>
    inTransactions(
      database.sql,
      createConsentStore({
        ...{ sql: database.sql, pseudonyms: createPseudonyms(Buffer.alloc(32, 1)), clock, bounds: WIDE_BOUNDS },
        ...{ restrictions: createRestrictionCounter(clock), texts: textsOf(rules) },
      }),
    );
  /** What the person's consents open of a question that reads these fields, under these rules. */
  const statesOf = async (rules: Rules, reads: Record<string, readonly string[]>): Promise<readonly ConsentState[]> => {
    const question = { agency: 'housing', purpose: 'queue', caseNumber: undefined, subjects: [ADULT] };
    const states = await under(rules).states({ ...question, reads: new Map(Object.entries(reads)) });
    return states.get(ADULT) ?? [];
  };
  const opened = async (rules: Rules, reads: Record<string, readonly string[]>): Promise<readonly string[]> =>
    (await statesOf(rules, reads)).filter(({ status }) => status === 'given').flatMap(({ categories }) => categories);

  const AREA = { land: ['Land.area'] };
  const WIDER = { ...CATALOGUE, land: [...CATALOGUE.land, 'Land.price'] };

  describe('when a category gets another field', () => {
    it('opens what it said, and nothing that reads the new field', async () => {
      await under().give({ ...TERMS, categories: ['land'] });
      expect(await opened({ catalogue: WIDER }, AREA)).to.deep.equal(['land']);
      const more = { land: ['Land.area', 'Land.price'] };
      expect((await statesOf({ catalogue: WIDER }, more)).map(({ status }) => status)).to.deep.equal(['outgrown']);
    });

    it('opens the new field once the citizen has given it again, as a new revision with its own text', async () => {
      const first = await under().give({ ...TERMS, categories: ['land'] });
      const again = await under({ catalogue: WIDER }).give({ ...TERMS, categories: ['land'] });
      expect(again).to.include({ id: first.id, revision: 2 });
      expect(await opened({ catalogue: WIDER }, { land: ['Land.price'] })).to.deep.equal(['land']);
      const { rows } = await database.sql.query<{ fields: string[] }>(
        'SELECT fields FROM consent_revision JOIN consent_text ON text_hash = texts[1] ORDER BY revision',
      );
      expect(rows.map(({ fields }) => fields)).to.deep.equal([
        ['Land.address', 'Land.area'],
        ['Land.address', 'Land.area', 'Land.price'],
      ]);
    });

    it('keeps its text when it is suspended and confirmed', async () => {
      const { id } = await under().give({ ...TERMS, categories: ['land'] });
      await suspendConsents(database.ownerSql, { requestId: 'r', at: clock.now() });
      await under({ catalogue: WIDER }).confirm(id, ADULT, evidence);
      expect(await opened({ catalogue: WIDER }, AREA)).to.deep.equal(['land']);
      expect(await opened({ catalogue: WIDER }, { land: ['Land.price'] })).to.deep.equal([]);
      const { rows } = await database.sql.query<{ texts: unknown }>('SELECT DISTINCT texts FROM consent_revision');
      expect(rows).to.have.length(1);
    });

    it('does not stand in the way of another consent that says more', async () => {
      await under().give({ ...TERMS, categories: ['land'], validUntil: '2026-12-01T00:00:00.000Z' });
      await under({ catalogue: WIDER }).give({ ...TERMS, categories: ['land', 'vehicles'] });
      expect(await opened({ catalogue: WIDER }, { land: ['Land.price'] })).to.deep.equal(['land']);
    });
  });

  it('opens no field that came from another category, and still what left for another', async () => {
    await under().give({ ...TERMS, categories: ['land', 'vehicles'] });
    const moved = { land: ['Land.area', 'Vehicle.plate'], vehicles: ['Vehicle.colour'] };
    expect(await opened({ catalogue: moved }, { land: ['Vehicle.plate'] })).to.deep.equal([]);
    expect(await opened({ catalogue: moved }, AREA)).to.deep.equal(['land']);
  });

  describe('when the purpose changes', () => {
    beforeEach(() => under().give({ ...TERMS, categories: ['land'] }));

    for (const [what, rules, expected] of [
      ['nothing', {}, ['land']],
      ['its title', { title: 'Something else' }, []],
      ['its law', { law: 'Law 2' }, []],
      ['that it needs no case any more', { case: 'none' }, []],
      [
        'its title, with the earlier one declared to mean the same',
        { title: 'The queue', earlier: 'earlier_texts: [{ title: Queue, law: Law 1 }],' },
        ['land'],
      ],
      [
        'its law, with another earlier one declared',
        { law: 'Law 2', earlier: 'earlier_texts: [{ title: Queue, law: Law 0 }],' },
        [],
      ],
    ] as const) {
      it(`${expected.length > 0 ? 'holds' : 'opens nothing'}: ${what}`, async () => {
        expect(await opened(rules, AREA)).to.deep.equal(expected);
      });
    }

    it('holds in fewer cases than before', async () => {
      const anywhere = { case: 'none' } as const;
      await under(anywhere).give({ ...TERMS, categories: ['vehicles'] });
      expect(await opened({}, { vehicles: ['Vehicle.plate'] })).to.deep.equal(['vehicles']);
    });
  });

  it('says nothing of a category without fields, and none can be given', async () => {
    const error = await rejection(under({ catalogue: { land: [] } }).give({ ...TERMS, categories: ['land'] }));
    expect(error).to.be.instanceOf(Refusal).with.property('code', 'BAD_USER_INPUT');
  });

  describe('given before texts were kept', () => {
    const baseline = (rules: Rules = {}): Promise<void> =>
      keepBaseline({ sql: database.sql, clock }, textsOf(rules).all);
    beforeEach(async () => {
      await under().give({ ...TERMS, categories: ['land'] });
      await database.ownerSql.query('UPDATE consent_record SET texts = NULL');
      await database.ownerSql.query('DELETE FROM consent_text');
    });

    it('opens nothing until it is known what the catalogue said', async () => {
      expect(await opened({}, AREA)).to.deep.equal([]);
    });

    it('opens what the catalogue said at the first start after that, and never more', async () => {
      await baseline();
      expect(await opened({}, AREA)).to.deep.equal(['land']);
      await baseline({ catalogue: WIDER });
      expect(await opened({ catalogue: WIDER }, AREA)).to.deep.equal(['land']);
      expect(await opened({ catalogue: WIDER }, { land: ['Land.price'] })).to.deep.equal([]);
      expect(await opened({ title: 'Something else' }, AREA)).to.deep.equal([]);
    });

    it('opens nothing of a category that came later', async () => {
      await baseline({ catalogue: { vehicles: CATALOGUE.vehicles } });
      await baseline();
      expect(await opened({}, AREA)).to.deep.equal([]);
    });

    it('is known once, also when several replicas start at the same time', async () => {
      await Promise.all([baseline(), baseline({ catalogue: WIDER }), baseline()]);
      const { rows } = await database.sql.query('SELECT FROM consent_baseline');
      expect(rows).to.have.length(2);
    });
  });

  it('keeps texts only for purposes that may rest on consent', () => {
    expect(textsOf().all.map(({ purpose, category }) => `${purpose} ${category}`)).to.deep.equal([
      'queue land',
      'queue vehicles',
    ]);
  });

  it('opens a question exactly if one consent in force said all of its fields, over any changes of the catalogue', async function () {
    this.timeout(120_000);
    const FIELDS = ['F.a', 'F.b', 'F.c'];
    const fields = fc.subarray(FIELDS, { minLength: 1 });
    const step = fc.record({
      what: fc.constantFrom('give', 'give', 'withdraw', 'ask', 'ask'),
      fields,
      with: fc.constantFrom('land', 'land,vehicles', 'land,other'),
      title: fc.constantFrom('One', 'Two'),
      days: fc.integer({ min: 1, max: 3 }),
      later: fc.constantFrom(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision, restriction');
        const said = new Map<
          string,
          { readonly fields: readonly string[]; readonly title: string; readonly end: number }
        >();
        let day = 0;
        for (const { what, title, days, later, ...one } of steps) {
          day += later;
          const moment = (days_: number): string => new Date(Date.UTC(2026, 2, 2 + days_)).toISOString();
          clock.moveTo(moment(day));
          const rules = { title, catalogue: { land: one.fields, vehicles: ['V.a'], other: ['O.a'] } };
          if (what === 'give') {
            await under(rules).give({ ...TERMS, categories: one.with.split(','), validUntil: moment(day + days) });
            said.set(one.with, { fields: one.fields, title, end: day + days });
          } else if (what === 'withdraw') {
            const known = (await under().list(ADULT)).find(({ categories }) => categories.join() === one.with);
            if (known !== undefined) await under().withdraw(known.id, ADULT, evidence);
            said.delete(one.with);
          } else {
            const isOpen = [...said.values()].some(
              (consent) =>
                consent.end > day &&
                consent.title === title &&
                one.fields.every((field) => consent.fields.includes(field)),
            );
            expect((await opened(rules, { land: one.fields })).includes('land')).to.equal(isOpen);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
