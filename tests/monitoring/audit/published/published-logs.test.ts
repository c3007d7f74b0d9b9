import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { PublishedLog } from '../../../../monitoring/audit/published/published-log.js';
import { PublishedLogs, type PublishedLogsOptions } from '../../../../monitoring/audit/published/published-logs.js';
import { isIncluded } from '../../../../monitoring/audit/tree/check-proofs.js';
import { parseCheckpoint } from '../../../../monitoring/audit/tree/checkpoint.js';
import { nodeHash } from '../../../../monitoring/audit/tree/hashes.js';
import { parseNote } from '../../../../monitoring/audit/tree/note-text.js';
import { tilesOf } from '../../../../monitoring/audit/tree/tiles.js';
import { parseTlogProof } from '../../../../monitoring/audit/tree/tlog-proof.js';
import { GrowingTree } from '../../../../monitoring/audit/verify/growing-tree.js';
import type { Sql } from '../../../../schemas/ports/sql.js';
import { listeningObserver, silentObserver } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { signCheckpoints } from '../checkpoints/sign-checkpoints.js';
import { completionDraft } from '../drafts.js';
import { emptyLog, openDatabase, openLog, storedRows } from '../harness.js';

/** Sizes at which a checkpoint was signed. */
const SIZES = [1, 200, 256, 300, 600] as const;

describe('published logs', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let folder: string;
  let leaves: readonly Buffer[];
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-published-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Appends up to this size, and signs. */
  async function grow(from: number, to: number): Promise<void> {
    const log = await openLog(database.sql);
    await Promise.all(Array.from({ length: to - from }, (_, at) => log.append(completionDraft(`r${from + at}`))));
    await log.close();
    await signCheckpoints(database.sql);
  }
  const follower = (changes: Partial<PublishedLogsOptions> = {}): PublishedLogs =>
    new PublishedLogs({
      sql: database.sql,
      observer: silentObserver(),
      folder,
      writer: 'one',
      isStateCurrent: () => true,
      ...changes,
    });
  const published = (logs: PublishedLogs): PublishedLog => logs.log(0) ?? expect.fail('nothing is published');
  const sizeOf = (log: PublishedLog): number | undefined =>
    parseCheckpoint(parseNote(log.checkpoint ?? '')?.text ?? '')?.size;

  /** Tiles of the tree of this size, computed from the leaves. */
  function computed(size: number): ReadonlyMap<string, Uint8Array> {
    const tree = new GrowingTree();
    const tiles = new Map<string, Uint8Array>();
    for (const leaf of leaves.slice(0, size))
      for (const { level, number, bytes } of tree.add(leaf)) tiles.set(`${level}/${number}/256`, Buffer.from(bytes));
    for (const { level, number, width, bytes } of tree.lastTiles()) tiles.set(`${level}/${number}/${width}`, bytes);
    return tiles;
  }

  describe('that grow', () => {
    beforeEach(async () => {
      await emptyLog(database);
    });

    it('have every tile of every checkpoint, also when they were followed from the start only', async () => {
      const following = follower();
      await following.follow();
      expect(following.log(0)).to.equal(undefined);
      let before = 0;
      for (const size of SIZES) {
        await grow(before, size);
        await following.follow();
        expect(sizeOf(published(following))).to.equal(size);
        before = size;
      }
      leaves = (await storedRows(database.sql)).map(({ leaf_hash: leaf }) => leaf);
      const fresh = follower({ folder: join(folder, 'fresh'), writer: 'two' });
      await fresh.follow();
      for (const log of [published(following), published(fresh)])
        for (const size of SIZES)
          for (const tile of tilesOf(size)) {
            const hashes = await log.tile({ ...tile, level: Number(tile.level) });
            const name = `${tile.level}/${tile.number}/${tile.width}`;
            expect(Buffer.from(hashes ?? []).equals(computed(size).get(name) ?? root0), `${size}: ${name}`).to.equal(
              true,
            );
          }
      for (const beyond of [
        { level: 0, number: 2, width: 89 },
        { level: 0, number: 2, width: 256 },
        { level: 0, number: 3, width: 1 },
        { level: 1, number: 0, width: 3 },
        { level: 2, number: 0, width: 1 },
      ])
        expect(await published(following).tile(beyond)).to.equal(undefined);
    });
  });

  describe('of 600 entries', () => {
    before(async () => {
      await emptyLog(database);
      await grow(0, 600);
      leaves = (await storedRows(database.sql)).map(({ leaf_hash: leaf }) => leaf);
    });

    it('prove each entry by its leaf, and no other', async () => {
      const logs = follower();
      await logs.follow();
      const log = published(logs);
      for (const index of [0, 255, 256, 511, 512, 599]) {
        const made = await log.prove(index, leaves[index] ?? root0, Buffer.from('entry'));
        if (typeof made === 'string') return expect.fail(made);
        const { proof = [], checkpoint = '', extra } = parseTlogProof(made.proof) ?? {};
        const { root = root0, size = 0 } = parseCheckpoint(parseNote(checkpoint)?.text ?? '') ?? {};
        expect(isIncluded({ leaf: leaves[index] ?? root0, index, size, root, proof }, nodeHash)).to.equal(true);
        expect(Buffer.from(extra ?? []).toString()).to.equal('entry');
        expect(await log.prove(index, leaves[(index + 1) % 600] ?? root0)).to.equal('other_leaf');
      }
      expect(await log.prove(600, leaves[0] ?? root0)).to.equal('pending');
      return undefined;
    });

    it('cause no query when they are read, and are not copied again after a restart', async () => {
      const texts: string[] = [];
      const sql: Sql = {
        ...database.sql,
        query: (text, values, options) => {
          texts.push(text);
          return database.sql.query(text, values, options);
        },
      };
      await follower({ sql }).follow();
      expect(texts.filter((text) => text.includes('SELECT number, hashes FROM audit_tile'))).to.have.length(1);
      texts.length = 0;
      const again = follower({ sql });
      await again.follow();
      expect(texts.filter((text) => text.includes('SELECT number, hashes FROM audit_tile'))).to.deep.equal([]);
      texts.length = 0;
      const log = published(again);
      for (const tile of tilesOf(600)) await log.tile({ ...tile, level: Number(tile.level) });
      await log.prove(300, leaves[300] ?? root0);
      expect(texts).to.deep.equal([]);
    });

    it('go on as they were while the database cannot be read, or is not current', async () => {
      let isCurrent = true;
      let fails = false;
      const sql: Sql = {
        ...database.sql,
        query: (...given) => (fails ? Promise.reject(new Error('gone')) : database.sql.query(...given)),
      };
      const logs = follower({ sql, isStateCurrent: () => isCurrent });
      await logs.follow();
      isCurrent = false;
      await logs.follow();
      isCurrent = true;
      fails = true;
      expect(await logs.follow().catch((error: unknown) => error)).to.be.instanceOf(Error);
      expect(sizeOf(published(logs))).to.equal(600);
    });

    it('say nothing of an entry whose tile is gone from the folder, instead of something wrong', async () => {
      const logs = follower();
      await logs.follow();
      unlinkSync(join(folder, '0/tile/0/000'));
      const log = published(logs);
      expect(await log.tile({ level: 0, number: 0, width: 256 })).to.equal(undefined);
      expect(await log.prove(3, leaves[3] ?? root0).catch((error: unknown) => error)).to.have.property(
        'name',
        'TreeDiffers',
      );
    });

    it('make the files of another history again', async () => {
      await follower().follow();
      await database.ownerSql.query('ALTER TABLE audit_checkpoint DISABLE TRIGGER audit_checkpoint_forward');
      await database.ownerSql.query(
        `UPDATE audit_checkpoint SET note = replace(note, 'log.example.kz', 'log.example.kg')`,
      );
      const logs = follower();
      await logs.follow();
      await database.ownerSql.query(
        `UPDATE audit_checkpoint SET note = replace(note, 'log.example.kg', 'log.example.kz')`,
      );
      await database.ownerSql.query('ALTER TABLE audit_checkpoint ENABLE TRIGGER audit_checkpoint_forward');
      expect(published(logs).checkpoint).to.match(/^log\.example\.kg/);
      expect(await published(logs).tile({ level: 0, number: 1, width: 256 })).to.have.length(8_192);
    });

    for (const [what, change, back] of [
      [
        'a bit in a tile',
        'UPDATE audit_tile SET hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) WHERE number = 1',
        'UPDATE audit_tile SET hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) WHERE number = 1',
      ],
      [
        'the hash above a tile',
        'UPDATE audit_tile SET root = set_byte(root, 9, get_byte(root, 9) # 1) WHERE number = 0',
        'UPDATE audit_tile SET root = set_byte(root, 9, get_byte(root, 9) # 1) WHERE number = 0',
      ],
    ] as const)
      it(`are not published after a change of ${what}, which is reported once`, async () => {
        await database.ownerSql.query(change);
        const observer = listeningObserver();
        const logs = follower({ observer });
        await logs.follow();
        await logs.follow();
        await database.ownerSql.query(back);
        expect(logs.log(0)).to.equal(undefined);
        expect(observer.lines.map(({ event }) => event)).to.deep.equal(['audit_log_not_published']);
      });
  });
});

const root0 = Buffer.alloc(32);
