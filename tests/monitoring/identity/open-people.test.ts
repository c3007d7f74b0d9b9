import { expect } from 'chai';
import { canonicalBytes, leafHash } from '../../../monitoring/audit/canonical.js';
import { entrySubject, type EntryDraft } from '../../../monitoring/audit/entries.js';
import { DailySealing } from '../../../monitoring/identity/identity-sealing.js';
import { openPeople, type IdentifiedPerson, type PersonPlace } from '../../../monitoring/identity/open-people.js';
import { seededRandom, standingClock } from '../../doubles.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { intentDraft } from '../audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../audit/harness.js';
import { makeRecipient, type TestRecipient } from './recipient.js';

const LOG = 'tereze/0';
const NUMBERS = ['900101300017', '880514391012'];

describe('people of entries, opened', () => {
  let database: TestDatabase;
  let recipient: TestRecipient;
  let other: TestRecipient;
  before(async () => {
    database = await openDatabase();
    [recipient, other] = await Promise.all([makeRecipient('dpo'), makeRecipient('other')]);
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('TRUNCATE audit_data_key');
    const sealing = new DailySealing({
      ...{ sql: database.sql, clock: standingClock(), random: seededRandom(), recipients: [recipient] },
      isStateCurrent: () => true,
    });
    const seal = await sealing.current();
    const draft = (people: readonly string[], isSealed = true): EntryDraft => {
      const { body } = intentDraft('r1');
      const facts = people.map((identifier, nth) => ({
        identifier,
        token: String(nth).repeat(32),
        salt: Buffer.alloc(16, nth + 1),
        sealed: isSealed ? seal(identifier) : null,
      }));
      return {
        body: { ...body, subjects: facts.map(entrySubject) } as EntryDraft['body'],
        beside: {
          subjectTokens: facts.map(({ token }) => token),
          subjectSalts: facts.map(({ salt }) => salt.toString('hex')),
          subjectSealed: facts.map(({ sealed }) => sealed),
        },
      };
    };
    const log = await openLog(database.sql);
    await log.append(draft(NUMBERS));
    await log.append(draft(NUMBERS, false));
    await log.close();
  });

  const place = (index: number, position: number, log = LOG): PersonPlace => ({ log, index, position });
  const open = (
    places: readonly PersonPlace[],
    { key = recipient, onlyAgency }: { readonly key?: TestRecipient; readonly onlyAgency?: string } = {},
  ) => openPeople(places, { sql: database.sql, keys: [key.privateKey], onlyAgency });
  const said = (people: readonly IdentifiedPerson[]): readonly string[] =>
    people.map((person) => ('number' in person ? person.number : person.missing));

  it('have their numbers, in the order of the places', async () => {
    expect(said(await open([place(0, 1), place(0, 0)]))).to.deep.equal([...NUMBERS].reverse());
    expect(await open([])).to.deep.equal([]);
  });

  it('have an answer each, whichever place was named', async () => {
    const places = [place(0, 0), place(0, 2), place(1, 0), place(7, 0), place(0, 0, 'tereze/9'), place(0, 1)];
    expect(said(await open(places))).to.deep.equal([
      NUMBERS[0],
      'unknown',
      'not_sealed',
      'unknown',
      'unknown',
      NUMBERS[1],
    ]);
  });

  it('are those of callers of one agency, where only these may be seen', async () => {
    expect(said(await open([place(0, 0)], { onlyAgency: 'housing' }))).to.deep.equal([NUMBERS[0]]);
    expect(said(await open([place(0, 0)], { onlyAgency: 'social' }))).to.deep.equal(['unknown']);
    await database.ownerSql.query(`UPDATE audit_entry SET agency = 'social'`);
    expect(said(await open([place(0, 0)], { onlyAgency: 'social' }))).to.deep.equal(['unknown']);
  });

  it('stay closed without a private key of a recipient', async () => {
    expect(said(await open([place(0, 0)], { key: other }))).to.deep.equal(['no_key']);
    await database.ownerSql.query(`UPDATE audit_data_key SET sealed = 'nonsense'`);
    expect(said(await open([place(0, 0)]))).to.deep.equal(['no_key']);
    await database.ownerSql.query('TRUNCATE audit_data_key');
    expect(said(await open([place(0, 0)]))).to.deep.equal(['no_key']);
  });

  for (const [what, change] of [
    ['whose sealed identity was changed', `UPDATE audit_subject SET sealed = sealed || '\\x00' WHERE position = 0`],
    [
      'who has the sealed identity of another',
      `UPDATE audit_subject SET sealed = (SELECT sealed FROM audit_subject WHERE index = 0 AND position = 1) WHERE position = 0`,
    ],
    ['whose sealed identity was erased', 'UPDATE audit_subject SET sealed = NULL WHERE position = 0'],
    ['whose row was erased', 'DELETE FROM audit_subject WHERE position = 0'],
    ['whose salt was changed', `UPDATE audit_subject SET salt = '\\x00' WHERE position = 0`],
  ] as const)
    it(`names no number of a person ${what}`, async () => {
      await database.ownerSql.query(change);
      expect(said(await open([place(0, 0), place(0, 1)]))).to.deep.equal(['changed', NUMBERS[1]]);
    });

  it('names no number of an entry whose bytes do not hash to their leaf', async () => {
    const bytes = canonicalBytes({ kind: 'intent' });
    await database.ownerSql.query('ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf');
    await database.ownerSql.query('UPDATE audit_entry SET leaf_hash = $1 WHERE index = 0', [leafHash(bytes)]);
    expect(said(await open([place(0, 0)]))).to.deep.equal(['changed']);
  });
});
