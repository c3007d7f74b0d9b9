import { expect } from 'chai';
import { ENTRY_SCHEMA_VERSION } from '../../../monitoring/audit/entries.js';
import { createAuditReader, type AuditReader, type EntryFilter } from '../../../monitoring/audit/reader.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { completionDraft, intentDraft, refusalDraft, tokenOf } from './drafts.js';
import { emptyLog, openDatabase, openLog } from './harness.js';

const at = (second: number): string => `2026-11-23T10:00:0${second}.000Z`;

describe('AuditReader', () => {
  let database: TestDatabase;
  let reader: AuditReader;
  before(async () => {
    database = await openDatabase();
    await emptyLog(database);
    reader = createAuditReader(database.sql);
    const [one, two] = [
      await openLog(database.sql, 'replica-1', { poolSize: 2 }),
      await openLog(database.sql, 'replica-2', { poolSize: 2 }),
    ];
    const [agency, system, kind] = ['social', 'social', 'system'] as const;
    const caller = { agency, system, kind, officer: null, actor: null, model: null };
    await one.append(intentDraft('r1', { at: at(1), subjects: ['a', 'b'] }));
    await two.append(intentDraft('r2', { at: at(2), subjects: ['b'], purpose: 'proactive_support', caller }));
    await one.append(completionDraft('r1', { at: at(3) }, 'c0ffee'));
    await two.append(
      refusalDraft('r3', {
        at: at(4),
        case: { agency: 'housing', number: 'HQ-2026-000102' },
        operationName: 'FamilyCard',
      }),
    );
    await one.append(refusalDraft('r4', { at: at(4), code: 'CASE_REQUIRED' }));
    await two.append(completionDraft('r2', { at: at(5), purpose: 'proactive_support', caller }));
    await Promise.all([one.close(), two.close()]);
  });
  after(() => database.close());

  const tale = (entries: readonly StoredEntry[]): readonly string[] =>
    entries.map(({ body }) => `${body.kind} ${body.requestId}`);
  const found = async (filter: Partial<EntryFilter>): Promise<readonly string[]> =>
    tale(await reader.list({ limit: 100, ...filter }));

  it('lists all logs, newest first', async () => {
    expect(await found({})).to.deep.equal([
      'completion r2',
      'refusal r3',
      'refusal r4',
      'completion r1',
      'intent r2',
      'intent r1',
    ]);
  });

  const FILTERS: readonly (readonly [Partial<EntryFilter>, readonly string[]])[] = [
    [{ kind: 'intent' }, ['intent r2', 'intent r1']],
    [{ agency: 'social' }, ['completion r2', 'intent r2']],
    [{ purpose: 'proactive_support' }, ['completion r2', 'intent r2']],
    [{ case: 'HQ-2026-000102' }, ['refusal r3']],
    [{ requestId: 'r1' }, ['completion r1', 'intent r1']],
    [{ operation: 'FamilyCard' }, ['refusal r3']],
    [{ code: 'CASE_REQUIRED' }, ['refusal r4']],
    [{ subjectTokens: [tokenOf('b')] }, ['intent r2', 'intent r1']],
    [{ subjectTokens: [tokenOf('unused'), tokenOf('b')] }, ['intent r2', 'intent r1']],
    [{ subjectTokens: [] }, []],
    [{ subjectTokens: [tokenOf('a')], kind: 'intent', agency: 'housing' }, ['intent r1']],
    [{ agency: `x' OR '1'='1` }, []],
  ];
  for (const [filter, expected] of FILTERS) {
    it(`finds by ${Object.keys(filter).join(', ')}: ${expected.length}`, async () => {
      expect(await found(filter)).to.deep.equal(expected);
    });
  }

  it('pages without gaps or repeats, also where times are equal', async () => {
    const pages: string[] = [];
    let after: EntryFilter['after'];
    for (;;) {
      const page = await reader.list({ limit: 1, after });
      const [entry] = page;
      if (entry === undefined) break;
      pages.push(...tale(page));
      after = { at: entry.body.at, log: entry.log, index: entry.index };
    }
    expect(pages).to.deep.equal(await found({}));
  });

  it('shows one entry with its salt, and says that its bytes hash to its leaf', async () => {
    const entry = await reader.show('tereze/0', 1);
    expect(entry).to.include({ log: 'tereze/0', index: 1, intact: true, answerSalt: 'c0ffee' });
    expect(entry?.body).to.deep.equal(completionDraft('r1', { at: at(3) }).body);
    expect(await reader.show('tereze/0', 99)).to.equal(undefined);
  });

  it('shows all entries of a request, oldest first', async () => {
    expect(tale(await reader.request('r2'))).to.deep.equal(['intent r2', 'completion r2']);
    expect(await reader.request('unknown')).to.deep.equal([]);
  });

  describe('after someone with the owner’s rights changed stored bytes', () => {
    const change = (entry: string): Promise<unknown> =>
      database.ownerSql.query(`UPDATE audit_entry SET entry = $1 WHERE log_id = 'tereze/1' AND index = 1`, [
        Buffer.from(entry),
      ]);
    before(() => database.ownerSql.query('ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf'));

    it('says that they no longer hash to the leaf', async () => {
      await change(JSON.stringify({ ...refusalDraft('r3').body, code: 'NOT_FOUND' }));
      expect(
        (await reader.list({ limit: 100 })).filter(({ intact }) => !intact).map(({ index }) => index),
      ).to.deep.equal([1]);
    });

    it('lists even what is no entry any more', async () => {
      await change('not an entry');
      expect((await reader.show('tereze/1', 1))?.body).to.deep.equal({
        kind: 'unreadable',
        schemaVersion: ENTRY_SCHEMA_VERSION,
        requestId: 'r3',
        at: at(4),
      });
    });

    it('shows entries of a version that it does not know as they are', async () => {
      await change('{"kind":"refusal","schemaVersion":9,"requestId":"r3","at":"2030-01-01T00:00:00.000Z","new":1}');
      expect((await reader.show('tereze/1', 1))?.body).to.deep.include({ schemaVersion: 9, new: 1 });
    });
  });
});
