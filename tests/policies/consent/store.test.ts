import { expect } from 'chai';
import type { ConsentQuestion, Evidence, NewConsent } from '../../../policies/consent/port.js';
import { createConsentGuard } from '../../../policies/consent/guard.js';
import { suspendConsents } from '../../../policies/consent/restrict.js';
import { createConsentStore } from '../../../policies/consent/store.js';
import { ConsentNotFound } from '../../../policies/consent/own-consent.js';
import { createPseudonyms } from '../../../policies/disclosure/pseudonyms.js';
import { SqlFailure, type Sql } from '../../../schemas/ports/sql.js';
import { Refusal } from '../../../schemas/refusal.js';
import { createRestrictionCounter, readRestrictions } from '../../../gateway/state/restrictions.js';
import { openTestDatabase, type TestDatabase } from '../../gateway/state/test-database.js';
import { movingClock, type MovingClock } from '../moving-clock.js';
import { ADULT, SPOUSE, STRANGER } from '../people.js';
import { EVERY_TEXT, inTransactions, WIDE_BOUNDS, type InTransactions } from './in-transactions.js';

const evidence = (requestId = 'r-1'): Evidence => ({
  issuer: 'https://issuer',
  tokenHash: 'a'.repeat(64),
  assurance: 'acr',
  requestId,
});
const consent = (changed: Partial<NewConsent> = {}): NewConsent => ({
  subject: ADULT,
  agency: 'housing',
  purpose: 'housing_queue',
  caseNumber: 'HQ-2026-000101',
  categories: ['property.land'],
  validUntil: '2026-04-01T00:00:00.000Z',
  evidence: evidence(),
  ...changed,
});
const reading = (...categories: string[]) => new Map(categories.map((category) => [category, [`T.${category}`]]));
const question = (changed: Partial<ConsentQuestion> = {}): ConsentQuestion => ({
  agency: 'housing',
  purpose: 'housing_queue',
  caseNumber: 'HQ-2026-000101',
  subjects: [ADULT],
  reads: reading('property.land'),
  ...changed,
});
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('done'),
    (error: unknown) => error,
  );

describe('consent store', () => {
  const pseudonyms = createPseudonyms(Buffer.alloc(32, 1));
  let database: TestDatabase;
  let clock: MovingClock;
  let store: InTransactions;
  const storeOn = (sql: Sql): InTransactions =>
    inTransactions(
      sql,
      createConsentStore({
        sql,
        pseudonyms,
        clock,
        restrictions: createRestrictionCounter(clock),
        bounds: WIDE_BOUNDS,
        texts: EVERY_TEXT,
      }),
    );

  before(async () => {
    database = await openTestDatabase({ migrations: ['policies/migrations', 'gateway/state/migrations'] });
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.ownerSql.query('TRUNCATE consent_agreement, consent_record, consent_revision, restriction');
    clock = movingClock('2026-03-02T00:00:00.000Z');
    store = storeOn(database.sql);
  });

  const statesOf = async (changed: Partial<ConsentQuestion> = {}, subject = ADULT) =>
    ((await store.states(question(changed))).get(subject) ?? []).map(({ status, revision, categories }) => ({
      status,
      revision,
      categories,
    }));
  const revisions = async () =>
    (
      await database.sql.query<{ revision: number; status: string; request: string }>(
        'SELECT revision, status, evidence_request_id AS request FROM consent_revision ORDER BY made_at, revision',
      )
    ).rows;

  it('gives a consent with its evidence', async () => {
    const record = await store.give(consent({ categories: ['property.vehicles', 'property.land', 'property.land'] }));
    expect(record).to.deep.include({
      revision: 1,
      agency: 'housing',
      purpose: 'housing_queue',
      caseNumber: 'HQ-2026-000101',
      categories: ['property.land', 'property.vehicles'],
      status: 'given',
      givenAt: '2026-03-02T00:00:00.000Z',
      validUntil: '2026-04-01T00:00:00.000Z',
    });
    expect(await store.list(ADULT)).to.deep.equal([record]);
    expect(await revisions()).to.deep.equal([{ revision: 1, status: 'given', request: 'r-1' }]);
  });

  it('holds for its agency, purpose, case and subject, and nothing else', async () => {
    await store.give(consent());
    expect(await statesOf()).to.deep.equal([{ status: 'given', revision: 1, categories: ['property.land'] }]);
    for (const other of [
      { agency: 'social' },
      { purpose: 'appeal_review' },
      { caseNumber: 'HQ-2026-000102' },
      { caseNumber: undefined },
    ]) {
      expect(await statesOf(other)).to.deep.equal([]);
    }
    expect(await statesOf({ subjects: [SPOUSE] }, SPOUSE)).to.deep.equal([]);
  });

  it('holds for every case when it names none', async () => {
    const { subject, agency, purpose, categories, validUntil, evidence: act } = consent();
    const record = await store.give({ subject, agency, purpose, categories, validUntil, evidence: act });
    expect(record).to.not.have.property('caseNumber');
    for (const caseNumber of ['HQ-2026-000101', 'HQ-2026-000999', undefined]) {
      expect(await statesOf({ caseNumber })).to.have.length(1);
    }
  });

  it('tells the states of many subjects in one statement', async () => {
    await store.give(consent());
    await store.give(consent({ subject: SPOUSE }));
    let statements = 0;
    const counting: Sql = {
      query: (text, values) => ((statements += 1), database.sql.query(text, values)),
      transaction: (work) => database.sql.transaction(work),
    };
    const states = await storeOn(counting).states(question({ subjects: [ADULT, SPOUSE, STRANGER, ADULT] }));
    expect([...states.keys()]).to.have.members([ADULT, SPOUSE]);
    expect(statements).to.equal(1);
  });

  it('ends at its end, in real time', async () => {
    await store.give(consent());
    clock.moveTo('2026-03-31T23:59:59.999Z');
    expect((await statesOf())[0]?.status).to.equal('given');
    clock.moveTo('2026-04-01T00:00:00.000Z');
    expect((await statesOf())[0]?.status).to.equal('expired');
    expect((await store.list(ADULT))[0]?.status).to.equal('expired');
  });

  it('becomes a new revision of the same record when given again', async () => {
    const first = await store.give(consent({ categories: ['a', 'b'] }));
    clock.moveTo('2026-03-03T00:00:00.000Z');
    const second = await store.give(
      consent({ categories: ['b', 'a'], validUntil: '2026-05-01T00:00:00.000Z', evidence: evidence('r-2') }),
    );
    expect(second).to.deep.include({
      id: first.id,
      revision: 2,
      givenAt: '2026-03-03T00:00:00.000Z',
      validUntil: '2026-05-01T00:00:00.000Z',
    });
    expect(await store.list(ADULT)).to.have.length(1);
    expect((await revisions()).map(({ revision, request }) => [revision, request])).to.deep.equal([
      [1, 'r-1'],
      [2, 'r-2'],
    ]);
  });

  it('is another record for other categories, cases and agencies', async () => {
    const others = [
      consent(),
      consent({ categories: ['property.vehicles'] }),
      consent({ caseNumber: 'HQ-2026-000102' }),
      consent({ agency: 'social' }),
    ];
    const ids = new Set<string>();
    for (const other of others) ids.add((await store.give(other)).id);
    expect(ids).to.have.length(4);
  });

  it('withdraws with evidence, and can be given again', async () => {
    const { id } = await store.give(consent());
    clock.moveTo('2026-03-03T00:00:00.000Z');
    const withdrawn = await store.withdraw(id, ADULT, evidence('r-2'));
    expect(withdrawn).to.deep.include({
      id,
      revision: 2,
      status: 'withdrawn',
      withdrawnAt: '2026-03-03T00:00:00.000Z',
    });
    expect(await statesOf()).to.deep.equal([{ status: 'withdrawn', revision: 2, categories: ['property.land'] }]);
    clock.moveTo('2026-06-01T00:00:00.000Z');
    expect((await statesOf())[0]?.status).to.equal('withdrawn');
    const again = await store.give(consent({ validUntil: '2026-07-01T00:00:00.000Z' }));
    expect(again).to.deep.include({ id, revision: 3, status: 'given' });
    expect(again).to.not.have.property('withdrawnAt');
    expect((await revisions()).map(({ status }) => status)).to.deep.equal(['given', 'withdrawn', 'given']);
  });

  it('withdraws twice as once', async () => {
    const { id } = await store.give(consent());
    const first = await store.withdraw(id, ADULT, evidence());
    expect(await store.withdraw(id, ADULT, evidence())).to.deep.equal(first);
    expect(await revisions()).to.have.length(2);
  });

  it('notes a withdrawal and an earlier end as restrictions, and nothing else', async () => {
    const longer = '2026-05-01T00:00:00.000Z';
    const { id } = await store.give(consent());
    await store.give(consent({ validUntil: longer }));
    await store.give(consent());
    await store.withdraw(id, ADULT, evidence());
    await store.withdraw(id, ADULT, evidence());
    await store.give(consent({ validUntil: '2026-03-15T00:00:00.000Z' }));
    clock.moveTo('2026-03-15T00:00:00.000Z');
    await store.give(consent({ validUntil: '2026-03-14T23:59:59.999Z' })).catch(() => undefined);
    expect(
      (await readRestrictions(database.sql, 0)).map(({ kind, id: of, revision }) => [kind, of, revision]),
    ).to.deep.equal([
      ['narrowing', id, 3],
      ['withdrawal', id, 4],
    ]);
  });

  it('says of a withdrawal that is repeated which restriction it was', async () => {
    const { id } = await store.give(consent());
    const act = { consentId: id, subject: ADULT, evidence: evidence() };
    const [first, again] = [await store.changed.withdraw(act), await store.changed.withdraw(act)];
    expect(first.restriction).to.be.a('number');
    expect(again.restriction).to.equal(first.restriction);
  });

  describe('suspended', () => {
    const suspend = async (): Promise<string> => {
      const { id } = await store.give(consent());
      await suspendConsents(database.ownerSql, { requestId: 'r-state', at: clock.now() });
      return id;
    };

    it('opens nothing, is seen by the citizen, and cannot be told from another revision of it by a completion', async () => {
      const id = await suspend();
      expect((await statesOf())[0]).to.deep.include({ status: 'suspended', revision: 2 });
      expect((await store.list(ADULT))[0]?.status).to.equal('suspended');
      const guard = createConsentGuard(clock);
      const claims = [1, 2].map((revision) => ({ consentId: id, revision }));
      expect(await database.sql.transaction((tx) => guard(tx, claims))).to.deep.equal(claims);
    });

    it('is in force again once the citizen confirms it, with evidence; to confirm it again changes nothing', async () => {
      const id = await suspend();
      const confirmed = await store.confirm(id, ADULT, evidence('r-2'));
      expect(confirmed).to.deep.include({ id, revision: 3, status: 'given', validUntil: '2026-04-01T00:00:00.000Z' });
      expect(await store.confirm(id, ADULT, evidence('r-3'))).to.deep.equal(confirmed);
      expect((await revisions()).map(({ status, request }) => [status, request])).to.deep.equal([
        ['given', 'r-1'],
        ['suspended', 'r-state'],
        ['given', 'r-2'],
      ]);
    });

    it('can be withdrawn, or given again, instead', async () => {
      const id = await suspend();
      expect(await store.withdraw(id, ADULT, evidence())).to.deep.include({ revision: 3, status: 'withdrawn' });
      expect(await store.give(consent())).to.deep.include({ id, revision: 4, status: 'given' });
    });

    it('is confirmed by no one else, and not when it is over or withdrawn', async () => {
      const id = await suspend();
      expect(await failureOf(store.confirm(id, SPOUSE, evidence()))).to.be.instanceOf(ConsentNotFound);
      clock.moveTo('2026-04-01T00:00:00.000Z');
      expect(await failureOf(store.confirm(id, ADULT, evidence()))).to.have.property('code', 'CONSENT_EXPIRED');
      await store.withdraw(id, ADULT, evidence());
      expect(await failureOf(store.confirm(id, ADULT, evidence()))).to.have.property('code', 'CONSENT_WITHDRAWN');
    });
  });

  it('does not find what is another’s, what is not there, and what is no id: all alike', async () => {
    const { id } = await store.give(consent());
    for (const [consentId, subject] of [
      [id, SPOUSE],
      ['11111111-1111-4111-8111-111111111111', ADULT],
      ['x', ADULT],
    ] as const) {
      expect(await failureOf(store.withdraw(consentId, subject, evidence())))
        .to.be.instanceOf(ConsentNotFound)
        .with.property('message', 'no such consent of this person');
    }
    expect((await statesOf())[0]?.status).to.equal('given');
    expect(await store.list(SPOUSE)).to.deep.equal([]);
  });

  it('tells of each category the one in force that ends last, and the one that was changed last', async () => {
    const asked = { reads: reading('property.land', 'property.vehicles') };
    const told = async () =>
      ((await store.states(question(asked))).get(ADULT) ?? []).map(
        ({ categories, status, consentId }) => `${categories.join()} ${status} ${names.get(consentId) ?? ''}`,
      );
    const names = new Map<string, string>();
    const later = async (second: number, name: string, changed: Partial<NewConsent>): Promise<string> => {
      clock.moveTo(`2026-03-02T00:00:0${second}.000Z`);
      const { id } = await store.give(consent(changed));
      names.set(id, name);
      return id;
    };
    const long = await later(1, 'long', { validUntil: '2026-05-01T00:00:00.000Z' });
    await later(2, 'both', { categories: ['property.land', 'property.vehicles'] });
    await later(3, 'other', { categories: ['property.land', 'tax.income'] });
    await later(4, 'any case', { caseNumber: undefined as never, categories: ['property.vehicles'] });
    expect(await told()).to.deep.equal([
      'property.vehicles given any case',
      'property.land given other',
      'property.vehicles given both',
      'property.land given long',
    ]);
    clock.moveTo('2026-03-02T00:00:05.000Z');
    await store.withdraw(long, ADULT, evidence());
    expect((await told()).filter((one) => one.startsWith('property.land'))).to.deep.equal([
      'property.land withdrawn long',
      'property.land given other',
    ]);
  });

  it('refuses a consent to nothing, and one that is over or ends never', async () => {
    for (const changed of [{ categories: [] }, { validUntil: '2026-03-02T00:00:00.000Z' }, { validUntil: 'soon' }]) {
      const error = await failureOf(store.give(consent(changed)));
      expect(error).to.be.instanceOf(Refusal).with.property('code', 'BAD_USER_INPUT');
    }
    expect(await revisions()).to.deep.equal([]);
  });

  it('takes one of two that are given at the same time for a revision of the other', async () => {
    const records = await Promise.all([store.give(consent()), store.give(consent()), store.give(consent())]);
    expect(new Set(records.map(({ id }) => id))).to.have.length(1);
    expect(records.map(({ revision }) => revision).sort()).to.deep.equal([1, 2, 3]);
  });

  it('keeps no number', async () => {
    await store.give(consent());
    for (const table of ['consent_agreement', 'consent_record', 'consent_revision']) {
      const { rows } = await database.sql.query<{ row: string }>(`SELECT ${table}::text AS row FROM ${table}`);
      for (const { row } of rows) expect(row).to.not.include(ADULT);
    }
  });

  it('leaves revisions and evidence to no one to change', async () => {
    await store.give(consent());
    for (const statement of [
      `UPDATE consent_revision SET evidence_issuer = 'x'`,
      'DELETE FROM consent_revision',
      'DELETE FROM consent_record',
      `UPDATE consent_record SET categories = '{x}'`,
      `UPDATE consent_record SET subject_token = subject_token`,
    ]) {
      expect(await failureOf(database.sql.query(statement)), statement).to.have.property('code', '42501');
    }
  });

  describe('when the database fails', () => {
    const failing = (fails: (statement: string) => boolean): Sql => ({
      query: (text, values) => database.sql.query(text, values),
      transaction: (work) =>
        database.sql.transaction((tx) =>
          work({
            query: (text, values) =>
              fails(text) ? Promise.reject(new SqlFailure('down', { outcome: 'not_done' })) : tx.query(text, values),
          }),
        ),
    });
    const replyLost: Sql = {
      query: (text, values) => database.sql.query(text, values),
      transaction: async (work) => {
        await database.sql.transaction(work);
        throw new SqlFailure('connection lost', { outcome: 'unknown' });
      },
    };

    it('without the evidence nothing is given, nothing withdrawn', async () => {
      const broken = storeOn(failing((statement) => statement.includes('INTO consent_revision')));
      expect(await failureOf(broken.give(consent()))).to.be.instanceOf(SqlFailure);
      expect(await statesOf()).to.deep.equal([]);
      const { id } = await store.give(consent());
      expect(await failureOf(broken.withdraw(id, ADULT, evidence()))).to.be.instanceOf(SqlFailure);
      expect((await statesOf())[0]?.status).to.equal('given');
    });

    it('a withdrawal whose reply was lost holds, and may be repeated', async () => {
      const { id } = await store.give(consent());
      expect(await failureOf(storeOn(replyLost).withdraw(id, ADULT, evidence()))).to.have.property(
        'outcome',
        'unknown',
      );
      expect((await statesOf())[0]?.status).to.equal('withdrawn');
      expect(await store.withdraw(id, ADULT, evidence())).to.deep.include({ revision: 2, status: 'withdrawn' });
    });

    it('a consent whose reply was lost may be repeated', async () => {
      expect(await failureOf(storeOn(replyLost).give(consent()))).to.have.property('outcome', 'unknown');
      expect(await store.give(consent())).to.deep.include({ revision: 2, status: 'given' });
      expect(await store.list(ADULT)).to.have.length(1);
    });
  });
});
