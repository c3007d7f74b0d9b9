import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { PostgresLog } from '../../monitoring/audit/append/postgres-log.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { completionDraft, intentDraft, tokenOf } from '../monitoring/audit/drafts.js';
import { openDatabase, openLog } from '../monitoring/audit/harness.js';
import type { TestDatabase } from '../gateway/state/test-database.js';
import { sizeOf, tell } from './figures.js';

const ENTRIES = sizeOf('SOAK_ENTRIES', 1_000_000);
/** Requests under way at once, each with an intent and a completion. */
const AT_ONCE = 400;
const PERSONS = 10_000;
const PAGE = 10_000;

interface Page {
  readonly index: string;
  readonly entry: Buffer;
  readonly leaf_hash: Buffer;
}

describe(`an audit log of ${ENTRIES} entries`, function () {
  this.timeout(3_600_000);
  let database: TestDatabase;
  let log: PostgresLog;

  before(async () => {
    database = await openDatabase();
    log = await openLog(database.sql);
  });
  after(async () => {
    await log.close();
    await database.close();
  });

  const person = (request: number): string => `person ${request % PERSONS}`;
  const requests = Math.ceil(ENTRIES / 2);

  it('is appended to without a gap, in memory that does not grow with it', async () => {
    const startedAt = performance.now();
    let next = 0;
    let early = 0;
    const walk = async (): Promise<void> => {
      while (next < requests) {
        const request = next++;
        if (request === Math.floor(requests / 10)) early = process.memoryUsage().rss;
        const intent = await log.append(intentDraft(`r${request}`, { subjects: [person(request)] }));
        const completion = await log.append(completionDraft(`r${request}`));
        expect(completion.index).to.be.greaterThan(intent.index);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, walk));
    const seconds = (performance.now() - startedAt) / 1000;
    const late = process.memoryUsage().rss;
    tell({
      'entries a second': Math.round((requests * 2) / seconds),
      'MiB after a tenth': Math.round(early / 2 ** 20),
      'MiB at the end': Math.round(late / 2 ** 20),
    });
    expect(late).to.be.lessThan(early + 256 * 2 ** 20);
  });

  it('holds every entry once, in bytes that hash to its leaf', async () => {
    const startedAt = performance.now();
    let index = 0;
    let wrong = 0;
    const kinds = { intent: 0, completion: 0 };
    for (let page = await pageFrom(0); page.length > 0; page = await pageFrom(index)) {
      for (const { index: stored, entry, leaf_hash: leaf } of page) {
        if (Number(stored) !== index || !createHash('sha256').update('\0').update(entry).digest().equals(leaf))
          wrong += 1;
        kinds[(JSON.parse(entry.toString()) as { kind: keyof typeof kinds }).kind] += 1;
        index += 1;
      }
    }
    tell({ 'entries checked a second': Math.round(index / ((performance.now() - startedAt) / 1000)) });
    expect({ index, wrong, ...kinds }).to.deep.equal({
      index: requests * 2,
      wrong: 0,
      intent: requests,
      completion: requests,
    });
  });

  it('is read by request, by person and page by page', async () => {
    const reader = createAuditReader(database.sql);
    const timed = async <T>(what: string, read: () => Promise<T>): Promise<T> => {
      const startedAt = performance.now();
      const value = await read();
      tell({ [`${what}, ms`]: (performance.now() - startedAt).toFixed(1) });
      return value;
    };
    const request = Math.floor(requests / 2);
    const tale = await timed('entries of a request', () => reader.request(`r${request}`));
    expect(tale.map(({ body, intact }) => `${body.kind} ${intact}`)).to.deep.equal(['intent true', 'completion true']);
    const about = await timed('entries about a person', () =>
      reader.list({ subjectTokens: [tokenOf(person(request))], limit: 1_000 }),
    );
    expect(about.length).to.equal(
      Math.min(1_000, Array.from({ length: requests }).filter((_, at) => at % PERSONS === request % PERSONS).length),
    );
    const newest = await timed('the newest hundred', () => reader.list({ limit: 100 }));
    expect(newest.length).to.equal(Math.min(100, requests * 2));
  });

  async function pageFrom(index: number): Promise<readonly Page[]> {
    return (
      await database.sql.query<Page>(
        'SELECT index, entry, leaf_hash FROM audit_entry WHERE log_id = $1 AND index >= $2 ORDER BY index LIMIT $3',
        ['tereze/0', index, PAGE],
      )
    ).rows;
  }
});
