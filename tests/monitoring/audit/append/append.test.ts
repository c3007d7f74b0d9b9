import { expect } from 'chai';
import { appendBatch } from '../../../../monitoring/audit/append/append.js';
import { claimLog, type ClaimedLog } from '../../../../monitoring/audit/append/lease.js';
import { prepareEntry } from '../../../../monitoring/audit/append/prepared-entry.js';
import { EMPTY_TREE } from '../../../../monitoring/audit/tree/log-tree.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { intentDraft, tokenOf } from '../drafts.js';
import { emptyLog, openDatabase, storedTale } from '../harness.js';

describe('appendBatch', () => {
  let database: TestDatabase;
  let log: ClaimedLog;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    const claimed = await claimLog(database.sql, { holder: 'replica-1', name: 'tereze', poolSize: 1, leaseMs: 60_000 });
    if (claimed === undefined) throw new Error('no log');
    log = { ...claimed, tree: EMPTY_TREE };
  });

  const entries = [
    prepareEntry(intentDraft('r1', { subjects: ['a', 'b'] })),
    prepareEntry(intentDraft('r2', { subjects: ['c'] })),
  ];

  it('writes entries and subjects, and moves the head', async () => {
    const grown = await appendBatch(database.sql, log, entries);
    expect(grown).to.have.property('size', 2);
    expect(await appendBatch(database.sql, grown ?? log, entries.slice(1))).to.have.property('size', 3);
    expect(await storedTale(database.sql)).to.deep.equal(['intent r1', 'intent r2', 'intent r2']);
    const { rows } = await database.sql.query(
      `SELECT s.index, position, encode(index_token, 'hex') AS token, s.at = e.at AS is_at FROM audit_subject s
       JOIN audit_entry e ON e.log_id = s.log_id AND e.index = s.index ORDER BY s.index, position`,
    );
    expect(rows).to.deep.equal([
      { index: '0', position: 0, token: tokenOf('a'), is_at: true },
      { index: '0', position: 1, token: tokenOf('b'), is_at: true },
      { index: '1', position: 0, token: tokenOf('c'), is_at: true },
      { index: '2', position: 0, token: tokenOf('c'), is_at: true },
    ]);
  });

  for (const [believed, change] of [
    ['an epoch that another claim has raised', { epoch: '0' }],
    ['an epoch that is not there yet', { epoch: '2' }],
    ['a size beyond the head', { size: 1 }],
    ['another log', { logId: 'tereze/1' }],
  ] as const) {
    it(`writes nothing under ${believed}`, async () => {
      expect(await appendBatch(database.sql, { ...log, ...change }, entries)).to.equal(undefined);
      expect(await storedTale(database.sql)).to.deep.equal([]);
      const { rows } = await database.sql.query('SELECT FROM audit_head WHERE size > 0');
      expect(rows).to.have.length(0);
    });
  }

  it('lets one of two writers that believe the same go ahead', async () => {
    const won = await Promise.all(Array.from({ length: 4 }, () => appendBatch(database.sql, log, entries)));
    expect(won.filter(Boolean)).to.have.length(1);
    expect(await storedTale(database.sql)).to.deep.equal(['intent r1', 'intent r2']);
  });
});
