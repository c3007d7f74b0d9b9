import { expect } from 'chai';
import { appendBatch } from '../../../../monitoring/audit/append/append.js';
import { claimLog, type ClaimedLog } from '../../../../monitoring/audit/append/lease.js';
import { prepareEntry, type PreparedEntry } from '../../../../monitoring/audit/append/prepared-entry.js';
import { appendLeaves, EMPTY_FRONTIER, rootOf } from '../../../../monitoring/audit/tree/frontier.js';
import { growTree, EMPTY_TREE, frontierOfEdge } from '../../../../monitoring/audit/tree/log-tree.js';
import { completeTree, readTree, TreeDiffers } from '../../../../monitoring/audit/tree/stored-tree.js';
import { hashesIn, subtreeRoot } from '../../../../monitoring/audit/tree/tile-nodes.js';
import { tilesOf } from '../../../../monitoring/audit/tree/tiles.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import { silentObserver } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { completionDraft } from '../drafts.js';
import { FaultySql } from '../append/faulty-sql.js';
import { emptyLog, forgetTrees, openDatabase, openLog, storedRows } from '../harness.js';
import { madeLeaves, plainRoot } from './plain-tree.js';

const LEASE = { holder: 'replica-1', name: 'tereze', poolSize: 2, leaseMs: 60_000 };

const entriesOf = (from: number, count: number): readonly PreparedEntry[] =>
  Array.from({ length: count }, (_, at) => prepareEntry(completionDraft(`r${from + at}`)));

interface HeadRow {
  readonly size: string;
  readonly tree_size: string | null;
  readonly root: Buffer | null;
}

async function head(sql: Sql, log = 'tereze/0'): Promise<HeadRow | undefined> {
  return (await sql.query<HeadRow>('SELECT size, tree_size, root FROM audit_head WHERE log_id = $1', [log])).rows[0];
}

/** The stored head and tiles are those of the stored entries, by the definitions of RFC 9162 and tlog-tiles. */
async function expectWhole(sql: Sql): Promise<void> {
  const leaves = (await storedRows(sql)).filter(({ log_id }) => log_id === 'tereze/0').map((row) => row.leaf_hash);
  const { size, tree_size: treeSize, root } = (await head(sql)) ?? expect.fail('no head');
  expect(Number(size)).to.equal(leaves.length);
  expect(treeSize).to.equal(size);
  expect(root).to.deep.equal(plainRoot(leaves));
  const { rows } = await sql.query<{ level: number; number: string; hashes: Buffer; root: Buffer }>(
    `SELECT level, number, hashes, root FROM audit_tile WHERE log_id = 'tereze/0' ORDER BY level, number`,
  );
  const full = tilesOf(leaves.length).filter(({ width }) => width === 256);
  expect(rows.map(({ level, number }) => `${level}/${number}`)).to.deep.equal(
    full.map(({ level, number }) => `${level}/${number}`),
  );
  for (const { level, number, hashes, root: tileRoot } of rows) {
    expect(tileRoot).to.deep.equal(subtreeRoot(hashesIn(hashes)));
    if (level === 0)
      expect(hashes).to.deep.equal(Buffer.concat(leaves.slice(Number(number) * 256, Number(number) * 256 + 256)));
  }
}

describe('growth of a tree', () => {
  it('gives the frontier, the edge and the tiles of its leaves, however they came', () => {
    const leaves = madeLeaves(66_000);
    let tree = EMPTY_TREE;
    let tiles = 0;
    for (const batch of [1, 200, 54, 1, 1, 64, 200, 65_000, 200]) {
      const before = { size: tree.size, edge: tree.edge.map(({ length }) => length) };
      const grown = growTree(tree, leaves.slice(tree.size, tree.size + batch));
      expect({ size: tree.size, edge: tree.edge.map(({ length }) => length) }).to.deep.equal(before);
      tree = grown.tree;
      tiles += grown.tiles.length;
      expect(frontierOfEdge(tree.size, tree.edge)?.hashes).to.deep.equal(tree.hashes);
      for (const { hashes, root } of grown.tiles.slice(-3)) expect(root).to.deep.equal(subtreeRoot(hashesIn(hashes)));
    }
    expect(tree.size).to.equal(65_721);
    expect(tiles).to.equal(256 + 1);
    expect(rootOf(tree)).to.deep.equal(rootOf(appendLeaves(EMPTY_FRONTIER, leaves.slice(0, tree.size))));
  });
});

describe('stored tree', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(() => emptyLog(database));

  const claim = async (): Promise<ClaimedLog> => {
    const claimed = (await claimLog(database.sql, LEASE)) ?? expect.fail('no log');
    const tree = (await completeTree(database.sql, claimed, 60_000)) ?? expect.fail('fenced');
    return { ...claimed, tree };
  };

  it('moves with the entries, across the borders of tiles, and is read again by the next who leases the log', async () => {
    let log = await claim();
    for (const batch of [1, 200, 54, 1, 64, 192, 200, 57]) {
      log = (await appendBatch(database.sql, log, entriesOf(log.size, batch))) ?? expect.fail('not appended');
      await expectWhole(database.sql);
      log = { ...(await claim()), size: log.size };
    }
    expect(log.size).to.equal(769);
  });

  it('is completed for a log of an earlier release, and where one appends in between', async () => {
    let log = await claim();
    log = (await appendBatch(database.sql, log, entriesOf(0, 300))) ?? expect.fail('not appended');
    await forgetTrees(database);
    log = await claim();
    await expectWhole(database.sql);
    await asEarlierRelease(database.sql, entriesOf(300, 300));
    expect(await head(database.sql)).to.include({ size: '600', tree_size: '300' });
    log = await claim();
    await expectWhole(database.sql);
    await appendBatch(database.sql, log, entriesOf(600, 10));
    await expectWhole(database.sql);
  });

  it('is completed by the one who holds the log only', async () => {
    await asEarlierRelease(database.sql, entriesOf(0, 3));
    const fenced = (await claimLog(database.sql, LEASE)) ?? expect.fail('no log');
    await claim();
    const [before] = await storedRows(database.sql);
    expect(before?.kind).to.equal('completion');
    expect(await completeTree(database.sql, { ...fenced, treeSize: 0 }, 60_000)).to.equal(undefined);
  });

  for (const [what, change, problem] of [
    ['an entry that is missing', 'DELETE FROM audit_entry WHERE index = 290', 'is missing'],
    ['a tile that is missing', 'DELETE FROM audit_tile', 'a tile of level 0 is missing'],
    ['another tile', `UPDATE audit_tile SET root = sha256('another')`, 'are not those of its head'],
    [
      'another entry',
      `UPDATE audit_entry SET entry = 'another', leaf_hash = sha256('\\x00'::bytea || 'another'::bytea) WHERE index = 299`,
      'are not those of its head',
    ],
  ] as const) {
    it(`is not believed with ${what}: the log is left alone, reported, and another is taken`, async () => {
      const log = await claim();
      await appendBatch(database.sql, log, entriesOf(0, 300));
      await database.ownerSql.query(change);
      const lines: unknown[] = [];
      const observer = {
        ...silentObserver(),
        log: (level: string, event: string, fields?: unknown) => lines.push([level, event, fields]),
      };
      const opened = await openLog(database.sql, 'replica-1', { poolSize: 2, observer });
      expect((await opened.append(completionDraft('r'))).log).to.equal('tereze/1');
      expect(JSON.stringify(lines)).to.include('audit_tree_differs').and.include(problem);
      await opened.close();
    });
  }

  it('never goes back, and is never another for the same size', async () => {
    await appendBatch(database.sql, await claim(), entriesOf(0, 3));
    for (const change of [
      'tree_size = 2',
      `root = sha256('another')`,
      'tree_size = NULL, frontier = NULL, root = NULL',
      `frontier = frontier || sha256('another')`,
    ]) {
      const changed = database.ownerSql.query(`UPDATE audit_head SET ${change} WHERE log_id = 'tereze/0'`);
      await changed.then(
        () => expect.fail(change),
        (error: unknown) => expect(error).to.have.property('code', '23514'),
      );
    }
  });

  it('is whole after each fault of a commit, written or not', async () => {
    const sql = new FaultySql(database.sql);
    const log = await openLog(sql);
    for (const fault of ['not_written', 'reply_lost'] as const)
      for (let round = 0; round < 3; round += 1) {
        sql.failNext(fault);
        const appends = Array.from({ length: 100 }, (_, at) => log.append(completionDraft(`${fault}${round}-${at}`)));
        expect((await Promise.allSettled(appends)).some(({ status }) => status === 'rejected')).to.equal(true);
        await log.append(completionDraft(`after ${fault}${round}`));
        await expectWhole(database.sql);
      }
    await log.close();
  });

  it('is fenced with the log: of many who believe the same, one appends', async () => {
    const log = await claim();
    const won = await Promise.all(
      Array.from({ length: 4 }, (_, at) => appendBatch(database.sql, log, entriesOf(at, 200))),
    );
    expect(won.filter((one) => one !== undefined)).to.have.length(1);
    await expectWhole(database.sql);
  });

  it('of a head that says nothing is empty', async () => {
    const empty = { logId: 'tereze/0', size: 0, treeSize: 0, frontier: Buffer.alloc(0) };
    expect(await readTree(database.sql, empty)).to.deep.equal(EMPTY_TREE);
    expect(new TreeDiffers('tereze/0', 'why').message).to.equal('the tree of tereze/0: why');
  });
});

/** Appends as releases without a tree do. */
async function asEarlierRelease(sql: Sql, entries: readonly PreparedEntry[]): Promise<void> {
  await sql.query(
    `WITH head AS (UPDATE audit_head SET size = size + cardinality($1::bytea[]) WHERE log_id = 'tereze/0' RETURNING size - cardinality($1::bytea[]) AS first)
     INSERT INTO audit_entry (log_id, index, request_id, kind, at, schema_version, entry, leaf_hash)
     SELECT 'tereze/0', head.first + one.nth - 1, 'r', 'completion', clock_timestamp(), 3, one.entry, one.leaf
     FROM head, unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS one (entry, leaf, nth)`,
    [entries.map(({ bytes }) => bytes), entries.map(({ leaf }) => leaf)],
  );
}
