import { expect } from 'chai';
import { columnsOf } from '../../../../monitoring/audit/beside/columns.js';
import { canonicalBytes } from '../../../../monitoring/audit/canonical.js';
import type { EntryDraft, EntrySearchFilters, StoredBody } from '../../../../monitoring/audit/entries.js';
import { keepPartitions } from '../../../../monitoring/audit/partitions/keep-partitions.js';
import { readBody } from '../../../../monitoring/audit/stored-entry.js';
import type { EntryPosition } from '../../../../monitoring/audit/search/cursor.js';
import { REFUSED, type SearchFilter } from '../../../../monitoring/audit/search/filter.js';
import { scanEntries, type ScanOptions } from '../../../../monitoring/audit/search/scan.js';
import { SqlFailure, type Sql } from '../../../../schemas/ports/sql.js';
import { seededRandom, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { completionDraft, intentDraft, refusalDraft, tokenOf } from '../drafts.js';
import { insertEarlier } from '../earlier-entry.js';
import { openDatabase, openLog } from '../harness.js';

const SEED = process.env['SEED'] ?? 'scan';
const ENTRIES = 640;
const EARLIER_ENTRIES = 60;
const SEARCHES = 90;
const PEOPLE = ['a', 'b', 'c', 'd', 'e'];

/** An entry as the log has it, decoded. */
interface Known extends EntryPosition {
  readonly body: StoredBody;
  readonly tokens: readonly string[];
}

const random = seededRandom(SEED);
const below = (count: number): number => random.bytes(4).readUInt32BE() % count;
const oneOf = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
const some = <Value>(values: readonly Value[], most: number): readonly Value[] =>
  Array.from({ length: below(most + 1) }, () => oneOf(values));

/** Few times, so that many entries have the same, in four months that have partitions of their own. */
const TIMES = Array.from({ length: 60 }, () => new Date(Date.UTC(2027, 0, 10 + below(100), below(24))).toISOString());
const CATEGORIES = ['population.identity', 'tax.income', 'property.owned'];
const REGISTERS = ['population', 'tax', 'property'];
const CODES = ['POLICY_DENIED', 'CASE_REQUIRED'];
const VALUES: { readonly [Name in keyof Omit<EntrySearchFilters, 'since' | 'until'>]-?: readonly string[] } = {
  agency: ['housing', 'social', 'none'],
  system: ['housing-1', 'social-1'],
  officer: ['o1', 'o2', 'none'],
  model: ['m@1', 'm@2'],
  register: [...REGISTERS, 'none'],
  category: [...CATEGORIES, 'none'],
  purpose: ['housing_queue', 'proactive_support'],
  case: ['HQ-1', 'HQ-2', 'HQ-3'],
  kind: ['intent', 'completion', 'refusal'],
  outcome: ['answered', 'failed', REFUSED],
  code: CODES,
  document: ['HousingQueue', 'FamilyCard', `sha256:${'ab'.repeat(32)}`],
  operation: ['HousingQueue', 'FamilyCard'],
  request: ['r1', 'r2', 'r3', 'r40'],
  log: ['tereze/0', 'tereze/1'],
};

function randomDraft(): EntryDraft {
  const agency = oneOf(['housing', 'social']);
  const isAi = below(4) === 0;
  const name = oneOf(VALUES.operation);
  const common = {
    at: oneOf(TIMES),
    purpose: oneOf(VALUES.purpose),
    case: { agency, number: oneOf(VALUES.case) },
    documentName: name,
    operationName: name,
    caller: {
      ...{ agency, system: `${agency}-1`, officer: null },
      kind: isAi ? 'ai' : 'system',
      actor: below(3) === 0 ? oneOf(['o1', 'o2']) : null,
      model: isAi ? { id: 'm', version: oneOf(['1', '2']) } : null,
    },
  } as const;
  const request = `r${below(60)}`;
  switch (below(3)) {
    case 0: {
      const reads = some(REGISTERS, 3).map((register) => ({
        ...{ register, coordinate: 'Person.lastName', category: oneOf(CATEGORIES), access: 'disclose' as const },
      }));
      return intentDraft(request, { ...common, reads, subjects: some(PEOPLE, 3) });
    }
    case 1: {
      const withheld = some(CATEGORIES, 2).map((category) => ({
        category,
        code: 'CONSENT_REQUIRED' as const,
        count: 1,
      }));
      return completionDraft(request, { ...common, withheld, outcome: oneOf(['answered', 'failed'] as const) });
    }
    default:
      return refusalDraft(request, { ...common, code: oneOf(CODES) as never, categories: some(CATEGORIES, 2) });
  }
}

/** An entry as gateways wrote it that kept no columns for officers, registers and categories. */
function earlierBytes(): Buffer {
  const { body } = randomDraft();
  const people = 'subjects' in body ? body.subjects.map((_, nth) => `${nth}`) : [];
  const caller = 'caller' in body ? { ...body.caller, model: null } : {};
  return canonicalBytes({ ...body, schemaVersion: 3, subjects: people, caller } as unknown as StoredBody);
}

/** What a search must find, by the bytes of each entry alone. */
function isWanted(filter: SearchFilter, { body, tokens }: Known): boolean {
  const columns = columnsOf(body);
  const is = (wanted: string | undefined, ...values: readonly (string | null)[]): boolean =>
    wanted === undefined || values.includes(wanted);
  return (
    (filter.since === undefined || body.at >= filter.since) &&
    (filter.until === undefined || body.at < filter.until) &&
    (filter.tokens === undefined || filter.tokens.some((token) => tokens.includes(token))) &&
    is(filter.agency, columns.agency) &&
    is(filter.system, columns.system) &&
    is(filter.officer, columns.officer) &&
    is(filter.model, columns.model) &&
    is(filter.register, ...columns.registers) &&
    is(filter.category, ...columns.categories) &&
    is(filter.purpose, columns.purpose) &&
    is(filter.case, columns.caseNumber) &&
    is(filter.kind, body.kind) &&
    is(filter.outcome, columns.outcome, body.kind === 'refusal' ? REFUSED : null) &&
    is(filter.code, columns.code) &&
    is(filter.document, columns.documentName, columns.documentHash) &&
    is(filter.operation, columns.operation) &&
    is(filter.request, body.requestId)
  );
}

function randomFilter(): SearchFilter {
  const names = Object.keys(VALUES) as (keyof typeof VALUES)[];
  const chosen = new Set(some(names, below(4)));
  const [since, until] = [oneOf(TIMES), oneOf(TIMES)].sort();
  return {
    ...Object.fromEntries([...chosen].map((name) => [name, oneOf(VALUES[name])])),
    ...(below(2) === 0 ? { since: since as string } : {}),
    ...(below(2) === 0 ? { until: until as string } : {}),
    ...(below(2) === 0 ? { tokens: [...new Set([oneOf(PEOPLE), oneOf([...PEOPLE, 'no one'])].map(tokenOf))] } : {}),
  };
}

const place = ({ at, log, index }: EntryPosition): string => `${at.slice(0, 23)} ${log}/${index}`;

describe('scanEntries', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let known: readonly Known[];

  before(async () => {
    database = await openDatabase();
    await keepPartitions(database.ownerSql, new Date('2027-01-15T00:00:00.000Z'));
    const logs = [
      await openLog(database.sql, 'replica-1', { poolSize: 2 }),
      await openLog(database.sql, 'replica-2', { poolSize: 2 }),
    ];
    await Promise.all(Array.from({ length: ENTRIES }, () => oneOf(logs).append(randomDraft())));
    for (let nth = 0; nth < EARLIER_ENTRIES; nth += 1) await insertEarlier(database, earlierBytes());
    await Promise.all(logs.map((log) => log.close()));
    known = await readKnown();
  });
  after(() => database.close());

  /** Newest first, as a search goes. */
  async function readKnown(): Promise<readonly Known[]> {
    const { rows } = await database.sql.query<{
      log_id: string;
      index: string;
      entry: Buffer;
      tokens: readonly string[];
    }>(
      `SELECT e.log_id, e.index, e.entry, ARRAY (SELECT encode(s.index_token, 'hex') FROM audit_subject s
         WHERE s.log_id = e.log_id AND s.index = e.index) AS tokens
       FROM audit_entry e ORDER BY e.at DESC, e.log_id DESC, e.index DESC`,
    );
    return rows.map(({ log_id: log, index, entry, tokens }) => {
      const body = readBody(entry) as StoredBody;
      return { log, index: Number(index), at: body.at.replace('Z', '000Z'), body, tokens };
    });
  }

  const wanted = (filter: SearchFilter): readonly Known[] =>
    known.filter((one) => isWanted(filter, one) && (filter.log === undefined || filter.log === one.log));

  async function scanned(
    options: Pick<ScanOptions, 'filter'> & Partial<ScanOptions>,
  ): Promise<readonly EntryPosition[]> {
    const found: EntryPosition[] = [];
    for await (const part of scanEntries({ sql: database.sql, clock: standingClock(), ...options })) {
      expect(part.found.length).to.be.at.most(options.rows ?? Number.POSITIVE_INFINITY);
      expect(
        part.found.filter(({ entry: { intact, differences } }) => !intact || differences.length > 0),
      ).to.deep.equal([]);
      found.push(...part.found.map(({ position }) => position));
    }
    return found;
  }

  it(`finds what a filter over the decoded entries finds, in ${SEARCHES} random searches (seed ${SEED})`, async () => {
    let mostFound = 0;
    for (let nth = 0; nth < SEARCHES; nth += 1) {
      const filter = nth === 0 ? {} : randomFilter();
      const expected = wanted(filter).map(place);
      mostFound += expected.length > 0 ? 1 : 0;
      const rows = oneOf([1, 7, 50, 1_000]);
      const found = await scanned({ filter, rows: expected.length > 100 ? 1_000 : rows });
      expect(found.map(place), JSON.stringify(filter)).to.deep.equal(expected);
    }
    expect(mostFound).to.be.above(SEARCHES / 3);
  });

  it('goes on after any row, and leaves the entries of one request out', async () => {
    for (let nth = 0; nth < SEARCHES / 3; nth += 1) {
      const filter = randomFilter();
      const but = oneOf(VALUES.request);
      const after = known[below(known.length)];
      const isAfter = (one: Known): boolean => after === undefined || known.indexOf(one) > known.indexOf(after);
      const expected = wanted(filter).filter((one) => isAfter(one) && one.body.requestId !== but);
      const found = await scanned({ filter, after, but, rows: oneOf([3, 1_000]) });
      expect(found.map(place), JSON.stringify({ filter, but, after })).to.deep.equal(expected.map(place));
    }
  });

  it('finds the same where the database is too slow for many rows at once', async () => {
    for (const filter of [
      { kind: 'refusal' },
      { category: 'tax.income' },
      { kind: 'intent', tokens: [tokenOf('a')] },
    ]) {
      let statements = 0;
      const sql: Sql = {
        ...database.sql,
        query: (text, values, options) =>
          (statements += 1) < 3
            ? Promise.reject(new SqlFailure('too long', { outcome: 'not_done', code: '57014' }))
            : database.sql.query(text, values, options),
      };
      expect((await scanned({ sql, filter, rows: 500 })).map(place)).to.deep.equal(wanted(filter).map(place));
    }
  });

  it('sends few texts, so that each is planned once on a connection', async () => {
    const texts = new Set<string>();
    const sql: Sql = {
      ...database.sql,
      query: (text, values, options) => {
        if (options?.prepared) texts.add(text);
        return database.sql.query(text, values, options);
      },
    };
    const oneOfEach = [
      { tokens: [tokenOf('a')] },
      { request: 'r1' },
      { case: 'HQ-1' },
      { code: CODES[0] as string },
      {},
    ];
    const filters = [...oneOfEach, { agency: 'social' }, ...Array.from({ length: 50 }, randomFilter)];
    for (const filter of filters)
      await scanned({ sql, filter, after: oneOf([undefined, known[5]]), but: oneOf([undefined, 'r1']) });
    // One for each way of looking at rows, and one that reads entries.
    expect(texts.size).to.equal(8);
  });

  it('shows and marks an entry whose time was changed to none', async () => {
    const { log, index } = known.find(({ body }) => body.kind === 'refusal') as Known;
    const change = (at: string): Promise<unknown> =>
      database.ownerSql.query(`UPDATE audit_entry SET at = ${at} WHERE log_id = $1 AND index = $2`, [log, index]);
    await change(`'infinity'`);
    try {
      for await (const { found } of scanEntries({ sql: database.sql, clock: standingClock(), filter: {}, rows: 1 })) {
        expect(found.map(({ entry }) => [entry.log, entry.index])).to.deep.equal([[log, index]]);
        expect(found[0]?.entry.differences).to.deep.equal([
          { kind: 'column', column: 'at', stored: 'infinity', bytes: found[0]?.entry.body.at },
        ]);
        break;
      }
    } finally {
      await change(`(convert_from(entry, 'UTF8')::jsonb ->> 'at')::timestamptz`);
    }
  });
});
