import { expect } from 'chai';
import { entrySubject, type EntryLogReader } from '../../../../monitoring/audit/entries.js';
import { AuditUnavailable } from '../../../../monitoring/audit/port.js';
import type { PostgresLog } from '../../../../monitoring/audit/append/postgres-log.js';
import { DEFAULT_DAYS, SearchRefused } from '../../../../monitoring/audit/search/filter.js';
import { AuditSearch, type SearchRequest } from '../../../../monitoring/audit/search/search.js';
import type { StoredEntry } from '../../../../monitoring/audit/stored-entry.js';
import { SqlFailure, type Sql } from '../../../../schemas/ports/sql.js';
import { seededRandom, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { completionDraft, intentDraft, refusalDraft, tokenOf } from '../drafts.js';
import { emptyLog, openDatabase, openLog } from '../harness.js';

const READER: EntryLogReader = { agency: null, system: 'tereze', kind: 'operator', officer: 'aigerim' };
const at = (day: number, second = 0): string =>
  `2026-11-${String(day).padStart(2, '0')}T10:00:${String(second).padStart(2, '0')}.000Z`;

describe('AuditSearch', () => {
  let database: TestDatabase;
  let log: PostgresLog;
  let other: PostgresLog;
  const random = seededRandom('search');
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('TRUNCATE audit_rederivation, audit_finding');
    log = await openLog(database.sql, 'replica-1', { poolSize: 2 });
    other = await openLog(database.sql, 'replica-2', { poolSize: 2 });
  });
  afterEach(() => Promise.all([log.close(), other.close()]));

  const searching = ({ sql = database.sql, limitMs = 1_000_000 }: { sql?: Sql; limitMs?: number } = {}): AuditSearch =>
    new AuditSearch({ sql, log, clock: standingClock(), random, limitMs });
  const request = (changes: Partial<SearchRequest> = {}): SearchRequest => ({
    reader: READER,
    reason: null,
    case: null,
    filters: {},
    limit: 100,
    ...changes,
  });
  const tale = (entries: readonly StoredEntry[]): readonly string[] =>
    entries.map(({ body }) => `${body.kind} ${body.requestId}`);
  const found = async (changes: Partial<SearchRequest>): Promise<readonly string[]> =>
    tale((await searching().search(request(changes))).entries);

  const caller = {
    agency: 'social',
    system: 'social-1',
    kind: 'system',
    officer: null,
    actor: 'o7',
    model: null,
  } as const;
  const ai = { ...caller, kind: 'ai', actor: null, model: { id: 'm', version: '2' } } as const;

  async function write(): Promise<void> {
    await log.append(intentDraft('r1', { at: at(1), subjects: ['a', 'b'] }));
    await other.append(intentDraft('r2', { at: at(2), subjects: ['b'], purpose: 'proactive_support', caller }));
    await log.append(
      completionDraft('r1', {
        at: at(3),
        registers: [
          {
            register: 'tax',
            calls: 1,
            callIds: [],
            outcome: 'answered',
            failure: null,
            durationMs: 1,
            contract: 'c',
            verdicts: {},
          } as never,
        ],
        withheld: [{ category: 'tax.income', code: 'CONSENT_REQUIRED', count: 1 }],
      }),
    );
    await other.append(refusalDraft('r3', { at: at(4), operationName: 'FamilyCard', categories: ['property.owned'] }));
    await log.append(refusalDraft('r4', { at: at(4), code: 'CASE_REQUIRED', caller: ai }));
    await other.append(completionDraft('r2', { at: at(5), outcome: 'failed', caller }));
  }

  describe('finds by', () => {
    beforeEach(write);
    const FILTERS: readonly (readonly [SearchRequest['filters'], readonly string[]])[] = [
      [{}, ['completion r2', 'refusal r3', 'refusal r4', 'completion r1', 'intent r2', 'intent r1']],
      [{ kind: 'intent' }, ['intent r2', 'intent r1']],
      [{ agency: 'social' }, ['completion r2', 'refusal r4', 'intent r2']],
      [{ system: 'social-1' }, ['completion r2', 'refusal r4', 'intent r2']],
      [{ officer: 'o7' }, ['completion r2', 'intent r2']],
      [{ model: 'm@2' }, ['refusal r4']],
      [{ register: 'tax' }, ['completion r1']],
      [{ register: 'population' }, ['intent r2', 'intent r1']],
      [{ category: 'tax.income' }, ['completion r1']],
      [{ category: 'property.owned' }, ['refusal r3']],
      [{ purpose: 'proactive_support' }, ['intent r2']],
      [
        { case: 'HQ-2026-000101' },
        ['completion r2', 'refusal r3', 'refusal r4', 'completion r1', 'intent r2', 'intent r1'],
      ],
      [{ outcome: 'failed' }, ['completion r2']],
      [{ outcome: 'refused' }, ['refusal r3', 'refusal r4']],
      [{ code: 'CASE_REQUIRED' }, ['refusal r4']],
      [{ operation: 'FamilyCard' }, ['refusal r3']],
      [{ document: `sha256:${'ab'.repeat(32)}`, kind: 'intent' }, ['intent r2', 'intent r1']],
      [{ document: 'HousingQueue', kind: 'intent' }, ['intent r2', 'intent r1']],
      [{ request: 'r1' }, ['completion r1', 'intent r1']],
      [{ log: 'tereze/1' }, ['completion r2', 'refusal r3', 'intent r2']],
      [{ since: at(4) }, ['completion r2', 'refusal r3', 'refusal r4']],
      [{ until: at(2) }, ['intent r1']],
      [{ agency: `x' OR '1'='1` }, []],
    ];
    for (const [filters, expected] of FILTERS)
      it(`${JSON.stringify(filters)}: ${expected.length}`, async () => {
        expect(await found({ filters })).to.deep.equal(expected);
      });

    it('a person, by the token of any live key, without the search itself', async () => {
      const tokens = [tokenOf('new key of b').slice(0, 32), tokenOf('b').slice(0, 32)];
      expect(await found({ person: { identifier: 'b', tokens } })).to.deep.equal(['intent r2', 'intent r1']);
    });

    it('an entry that names a person twice, once', async () => {
      await log.append(intentDraft('r9', { at: at(6), subjects: ['z', 'z'] }));
      const tokens = [tokenOf('z').slice(0, 32)];
      expect(await found({ person: { identifier: 'z', tokens } })).to.deep.equal(['intent r9']);
    });

    it('register and category in entries without such columns, by their bytes', async () => {
      await database.ownerSql.query('UPDATE audit_entry SET registers = NULL, categories = NULL, officer = NULL');
      expect(await found({ filters: { register: 'tax' } })).to.deep.equal(['completion r1']);
      expect(await found({ filters: { category: 'property.owned' } })).to.deep.equal(['refusal r3']);
      expect(await found({ filters: { officer: 'o7' } })).to.deep.equal(['completion r2', 'intent r2']);
    });
  });

  it('covers the last 30 days unless told otherwise, and says so', async () => {
    await log.append(intentDraft('old', { at: '2026-10-01T00:00:00.000Z', subjects: ['a'] }));
    await log.append(intentDraft('new', { at: at(20) }));
    const page = await searching().search(request());
    expect(tale(page.entries)).to.deep.equal(['intent new']);
    expect(page).to.include({ isDefaultRange: true, since: '2026-10-24T10:00:00.000Z' });
    expect(DEFAULT_DAYS).to.equal(30);
    expect(await found({ filters: { kind: 'intent', since: '2026-09-01T00:00:00.000Z' } })).to.deep.equal([
      'intent new',
      'intent old',
    ]);
    expect(await found({ filters: { request: 'old' } })).to.deep.equal(['intent old']);
    expect(await found({ filters: { kind: 'intent', case: 'HQ-2026-000101' } })).to.deep.equal([
      'intent new',
      'intent old',
    ]);
    expect(await found({ person: { identifier: 'a', tokens: [tokenOf('a').slice(0, 32)] } })).to.deep.equal([
      'intent old',
    ]);
  });

  it('pages without gaps or repeats, also where times are equal, while others append', async () => {
    for (let nth = 0; nth < 30; nth += 1)
      await (nth % 2 === 0 ? log : other).append(intentDraft(`r${nth}`, { at: at(1 + Math.floor(nth / 7)) }));
    const whole = await found({ filters: { kind: 'intent' } });
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await searching().search(request({ filters: { kind: 'intent' }, limit: 4, after }));
      seen.push(...tale(page.entries));
      await other.append(intentDraft('late', { at: at(23) }));
      if (page.next === undefined) break;
      expect(page.ended).to.equal('limit');
      after = page.next;
    }
    expect(seen).to.deep.equal(whole);
    expect(whole).to.have.length(30);
  });

  it('says that the time limit ended it, and goes on from there until everything is found', async () => {
    for (let nth = 0; nth < 6_000; nth += 500)
      await Promise.all(
        Array.from({ length: 500 }, (_, one) =>
          log.append(intentDraft(`r${nth + one}`, { at: at(1, Math.floor((nth + one) / 200)) })),
        ),
      );
    await log.append(refusalDraft('rare', { at: '2026-11-01T09:00:00.000Z' }));
    const asked = { filters: { kind: 'refusal' }, limit: 5 };
    const first = await searching({ limitMs: 0 }).search(request(asked));
    expect(first).to.include({ ended: 'time' });
    expect(first.entries).to.deep.equal([]);
    const pages = [first];
    while (pages.at(-1)?.next !== undefined)
      pages.push(await searching({ limitMs: 0 }).search(request({ ...asked, after: pages.at(-1)?.next })));
    expect(pages.flatMap(({ entries }) => tale(entries))).to.deep.equal(['refusal rare']);
    expect(pages.at(-1)?.ended).to.equal('complete');
  });

  it('looks at fewer rows at once where the database is too slow for many', async () => {
    await write();
    let statements = 0;
    const slow: Sql = {
      ...database.sql,
      query: (text, values, options) => {
        if (text.includes('AS MATERIALIZED') && (statements += 1) < 3)
          return Promise.reject(new SqlFailure('too long', { outcome: 'not_done', code: '57014' }));
        return database.sql.query(text, values, options);
      },
    };
    const page = await searching({ sql: slow }).search(request({ filters: { kind: 'intent' } }));
    expect(tale(page.entries)).to.deep.equal(['intent r2', 'intent r1']);
  });

  describe('records', () => {
    it('who searched for what and why before it reads, and how many rows there were', async () => {
      await write();
      const person = { identifier: 'b', tokens: [tokenOf('b').slice(0, 32)] };
      const grounds = { reason: 'a complaint of 20 November', case: { agency: 'housing', number: 'HQ-1' } };
      const page = await searching().search(request({ ...grounds, person, filters: { kind: 'intent' }, limit: 1 }));
      const { rows } = await database.sql.query<{ entry: Buffer; salt: Buffer | null; token: Buffer | null }>(
        `SELECT e.entry, s.salt, s.index_token AS token FROM audit_entry e LEFT JOIN audit_subject s USING (log_id, index)
         WHERE e.request_id = $1 ORDER BY e.index`,
        [page.searchId],
      );
      const [search, end] = rows.map(({ entry }) => JSON.parse(entry.toString()) as Record<string, unknown>);
      expect(search).to.deep.include({
        kind: 'audit_read',
        act: 'audit_searched',
        caller: READER,
        filters: { kind: 'intent' },
        limit: 1,
        continued: false,
        ...grounds,
      });
      const [row] = rows;
      expect(search?.['subjects']).to.deep.equal([
        entrySubject({ identifier: 'b', token: person.tokens[0] ?? '', salt: row?.salt ?? Buffer.alloc(0) }),
      ]);
      expect(row?.token?.toString('hex')).to.equal(person.tokens[0]);
      expect(end).to.deep.include({ kind: 'audit_read_end', rows: 1, ended: 'limit' });
      expect(JSON.stringify(rows.map(({ entry }) => entry.toString()))).not.to.include('"b"');
    });

    it('nothing and shows nothing if the log cannot be written', async () => {
      await write();
      const failing = { ...log, append: () => Promise.reject(new AuditUnavailable()) } as unknown as PostgresLog;
      let read = 0;
      const watched: Sql = { ...database.sql, query: (...all) => ((read += 1), database.sql.query(...all)) };
      const search = new AuditSearch({ sql: watched, log: failing, clock: standingClock(), random, limitMs: 1_000 });
      const outcome = await search.search(request()).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(AuditUnavailable);
      expect(read).to.equal(0);
    });

    it('nothing of its result is shown if its end cannot be written', async () => {
      await write();
      let appended = 0;
      const failing = {
        append: (...all: Parameters<PostgresLog['append']>) =>
          (appended += 1) === 1 ? log.append(...all) : Promise.reject(new AuditUnavailable()),
      } as unknown as PostgresLog;
      const search = new AuditSearch({
        sql: database.sql,
        log: failing,
        clock: standingClock(),
        random,
        limitMs: 1_000,
      });
      expect(await search.search(request()).catch((error: unknown) => error)).to.be.instanceOf(AuditUnavailable);
    });

    it('a search that failed', async () => {
      await write();
      const broken: Sql = {
        ...database.sql,
        query: (text, ...rest) =>
          text.includes('AS MATERIALIZED')
            ? Promise.reject(new SqlFailure('lost', { outcome: 'unknown' }))
            : database.sql.query(text, ...rest),
      };
      await searching({ sql: broken })
        .search(request())
        .catch(() => undefined);
      expect(await found({ filters: { kind: 'audit_read_end' } })).to.have.length(1);
    });
  });

  it('shows an officer of one agency nothing of another, also where a column was changed', async () => {
    await write();
    expect(await found({ onlyAgency: 'social' })).to.deep.equal(['completion r2', 'refusal r4', 'intent r2']);
    expect(await found({ onlyAgency: 'social', filters: { agency: 'housing' } })).to.deep.equal([]);
    await database.ownerSql.query(`UPDATE audit_entry SET agency = 'social'`);
    expect(await found({ onlyAgency: 'social' })).to.deep.equal(['completion r2', 'refusal r4', 'intent r2']);
  });

  for (const [what, change, difference] of [
    ['a column', `UPDATE audit_entry SET agency = 'tax' WHERE request_id = 'r1'`, 'column'],
    [
      'an index token',
      `UPDATE audit_subject SET index_token = decode(repeat('00', 16), 'hex') WHERE position = 0 AND log_id = 'tereze/0'`,
      'subject_token',
    ],
    ['the rows of people', `DELETE FROM audit_subject WHERE log_id = 'tereze/0'`, 'subject_missing'],
    ['the registers', `UPDATE audit_entry SET registers = '{}' WHERE request_id = 'r1'`, 'column'],
  ] as const)
    it(`marks a row of which ${what} was changed`, async () => {
      await write();
      await database.ownerSql.query(change);
      const { entries } = await searching().search(request({ filters: { request: 'r1', kind: 'intent' } }));
      expect(entries.flatMap(({ differences }) => differences.map(({ kind }) => kind))).to.include(difference);
    });

  describe('refuses', () => {
    const refused = async (changes: Partial<SearchRequest>): Promise<unknown> => {
      const outcome = await searching()
        .search(request(changes))
        .catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(SearchRefused);
      const { rows } = await database.sql.query(`SELECT FROM audit_entry WHERE kind LIKE 'audit_read%'`);
      expect(rows).to.have.length(0);
      return (outcome as SearchRefused).fault;
    };
    for (const limit of [0, -1, 10_001, 1.5, Number.NaN])
      it(`a limit of ${limit}`, async () => {
        expect(await refused({ limit })).to.equal('limit');
      });
    it('a range that ends before it begins', async () => {
      expect(await refused({ filters: { since: at(3), until: at(2) } })).to.equal('range');
    });
    it('an unknown log', async () => {
      expect(await refused({ filters: { log: 'tereze/99999' } })).to.equal('unknown_log');
    });
    it('a broken cursor', async () => {
      expect(await refused({ after: 'x' })).to.equal('cursor_broken');
    });
  });
});
