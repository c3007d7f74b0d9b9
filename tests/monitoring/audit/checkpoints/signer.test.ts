import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { KeyFailure } from '../../../../monitoring/audit/checkpoints/keys.js';
import type { OutsideCheckpoints } from '../../../../monitoring/audit/checkpoints/outside.js';
import { CheckpointSigner, type SignerOptions } from '../../../../monitoring/audit/checkpoints/signer.js';
import {
  claimSigner,
  readGrownLogs,
  reserveCheckpoint,
} from '../../../../monitoring/audit/checkpoints/stored-checkpoints.js';
import { isConsistent } from '../../../../monitoring/audit/tree/check-proofs.js';
import { parseCheckpoint } from '../../../../monitoring/audit/tree/checkpoint.js';
import { nodeHash } from '../../../../monitoring/audit/tree/hashes.js';
import { createNoteSigner, createNoteVerifier } from '../../../../monitoring/audit/tree/note.js';
import { openNote } from '../../../../monitoring/audit/tree/open-note.js';
import { proveConsistency } from '../../../../monitoring/audit/tree/proofs.js';
import { storedTiles } from '../../../../monitoring/audit/tree/stored-tree.js';
import { nodesFromTiles } from '../../../../monitoring/audit/tree/tile-nodes.js';
import type { PostgresLog } from '../../../../monitoring/audit/append/postgres-log.js';
import { listeningObserver, silentObserver, standingClock } from '../../../doubles.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { rejection } from '../../../rejection.js';
import { completionDraft } from '../drafts.js';
import { emptyLog, openDatabase, openLog, storedRows } from '../harness.js';
import { plainRoot } from '../tree/plain-tree.js';

const ORIGIN = 'log.example.kz/tereze';

describe('checkpoints', () => {
  let database: TestDatabase;
  let log: PostgresLog;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await emptyLog(database);
    await database.ownerSql.query('UPDATE audit_signer SET holder = NULL, expires_at = NULL');
    log = await openLog(database.sql);
  });
  afterEach(() => log.close());

  const { privateKey } = generateKeyPairSync('ed25519');
  const verifier = createNoteVerifier(createNoteSigner(`${ORIGIN}/0`, privateKey).verifierKey);
  const signerOf = (changes: Partial<SignerOptions> = {}): CheckpointSigner =>
    new CheckpointSigner({
      sql: database.sql,
      clock: standingClock(),
      observer: silentObserver(),
      keys: { signers: async (name) => [createNoteSigner(name, privateKey)] },
      origin: ORIGIN,
      holder: 'replica-1',
      everyMs: 0,
      leaseMs: 60_000,
      isStateCurrent: () => true,
      ...changes,
    });
  const append = async (count: number): Promise<void> => {
    await Promise.all(Array.from({ length: count }, (_, at) => log.append(completionDraft(`r${at}`))));
  };
  interface Stored {
    readonly size: string;
    readonly root: Buffer;
    readonly note: string | null;
  }
  const stored = async (): Promise<readonly Stored[]> =>
    (await database.sql.query<Stored>('SELECT size, root, note FROM audit_checkpoint ORDER BY log_id, size')).rows;
  const sizes = async (): Promise<readonly number[]> => (await stored()).map(({ size }) => Number(size));

  it('are signed notes of three lines over size and root, of logs that grew only', async () => {
    const signer = signerOf();
    await signer.signGrown();
    expect(await sizes()).to.deep.equal([]);
    for (const count of [3, 260, 1]) {
      await append(count);
      await signer.signGrown();
      await signer.signGrown();
    }
    expect(await sizes()).to.deep.equal([3, 263, 264]);
    const leaves = (await storedRows(database.sql)).map(({ leaf_hash: leaf }) => leaf);
    for (const { size, root, note } of await stored()) {
      const opened = openNote(note ?? '', verifier === undefined ? [] : [verifier]);
      if (typeof opened === 'string') return expect.fail(opened);
      expect(opened.text.split('\n')).to.have.length(4);
      expect(parseCheckpoint(opened.text)).to.include({ origin: `${ORIGIN}/0`, size: Number(size) });
      expect(root).to.deep.equal(plainRoot(leaves.slice(0, Number(size))));
    }
    const [first, , last] = await stored();
    const claim = { oldSize: 3, newSize: 264, oldRoot: first?.root ?? root0, newRoot: last?.root ?? root0 };
    const proof = await proveConsistency(nodesFromTiles(storedTiles(database.sql, 'tereze/0')), claim);
    expect(isConsistent({ ...claim, proof }, nodeHash)).to.equal(true);
    return undefined;
  });

  it('come no more often than they may', async () => {
    const signer = signerOf({ everyMs: 3_600_000 });
    await append(1);
    await signer.signGrown();
    await append(1);
    await signer.signGrown();
    expect(await sizes()).to.deep.equal([1]);
  });

  it('that were reserved by a process that died are signed as they were, before any other', async () => {
    await append(2);
    const claim = (await claimSigner(database.sql, { holder: 'dead', leaseMs: 0 })) ?? expect.fail('no claim');
    const [grown] = await readGrownLogs(database.sql, 0);
    expect(grown !== undefined && (await reserveCheckpoint(database.sql, claim, grown))).to.equal(true);
    await append(1);
    await signerOf().signGrown();
    expect((await stored()).map(({ size, note }) => [size, note !== null])).to.deep.equal([['2', true]]);
    await signerOf().signGrown();
    expect(await sizes()).to.deep.equal([2, 3]);
  });

  it('are signed by one process at a time, and by none that was fenced', async () => {
    await append(2);
    const old = (await claimSigner(database.sql, { holder: 'old', leaseMs: 60_000 })) ?? expect.fail('no claim');
    await signerOf().signGrown();
    expect(await sizes()).to.deep.equal([]);
    const [grown] = await readGrownLogs(database.sql, 0);
    await database.sql.query(`UPDATE audit_signer SET expires_at = clock_timestamp() - interval '1 second'`);
    expect(await claimSigner(database.sql, { holder: 'new', leaseMs: 60_000 })).not.to.equal(undefined);
    expect(grown !== undefined && (await reserveCheckpoint(database.sql, old, grown))).to.equal(false);
    expect(await sizes()).to.deep.equal([]);
  });

  it('of many signers at once never disagree', async () => {
    for (let round = 0; round < 5; round += 1) {
      await append(20);
      const signers = Array.from({ length: 4 }, (_, at) => signerOf({ holder: `replica-${at}`, leaseMs: 0 }));
      await Promise.allSettled(signers.map((signer) => signer.signGrown()));
    }
    await signerOf({ leaseMs: 0 }).signGrown();
    const all = await sizes();
    expect(new Set(all).size).to.equal(all.length);
    expect(all.at(-1)).to.equal(100);
  });

  for (const [what, change] of [
    [
      'an entry rewritten with its leaf',
      `UPDATE audit_entry SET entry = 'xx', leaf_hash = sha256('\\x00'::bytea || 'xx'::bytea) WHERE index = 290`,
    ],
    ['a tile rewritten', `UPDATE audit_tile SET hashes = set_byte(hashes, 9000 - 1000, get_byte(hashes, 8000) # 1)`],
    ['an entry removed', 'DELETE FROM audit_entry WHERE index = 290'],
  ] as const) {
    it(`are not signed any more after ${what}, which is reported once`, async () => {
      const events: string[] = [];
      const signer = signerOf({ observer: { ...silentObserver(), log: (_level, event) => void events.push(event) } });
      await append(200);
      await signer.signGrown();
      await append(100);
      await database.ownerSql.query(change);
      await signer.signGrown();
      await signer.signGrown();
      expect(await sizes()).to.deep.equal([200]);
      expect(events).to.deep.equal(['audit_checkpoint_refused']);
    });
  }

  it('are not signed for a closed log, nor while the database is refused', async () => {
    await append(2);
    await signerOf({ isStateCurrent: () => false }).signGrown();
    expect(await sizes()).to.deep.equal([]);
    const [grown] = await readGrownLogs(database.sql, 0);
    const claim = (await claimSigner(database.sql, { holder: 'one', leaseMs: 0 })) ?? expect.fail('no claim');
    await database.ownerSql.query(
      `UPDATE audit_head SET head_size = size, closed_log = 'tereze/1', closed_index = 0 WHERE log_id = 'tereze/0'`,
    );
    await signerOf().signGrown();
    expect(grown !== undefined && (await reserveCheckpoint(database.sql, claim, grown))).to.equal(false);
    expect(await sizes()).to.deep.equal([]);
    await database.ownerSql.query('ALTER TABLE audit_head DISABLE TRIGGER audit_head_stays_closed');
    await database.ownerSql.query('UPDATE audit_head SET head_size = NULL, closed_log = NULL, closed_index = NULL');
    await database.ownerSql.query('ALTER TABLE audit_head ENABLE TRIGGER audit_head_stays_closed');
  });

  describe('kept outside the database', () => {
    /** What stands outside; null as a root: two trees are known. */
    const outsideOf = (
      kept: Readonly<Record<string, { size: number; root: string | null }>>,
      keep: OutsideCheckpoints['keep'] = async () => true,
    ): OutsideCheckpoints => ({ last: (log) => kept[log], keep });
    const rootAt = async (size: number): Promise<string> =>
      plainRoot((await storedRows(database.sql)).slice(0, size).map(({ leaf_hash: leaf }) => leaf)).toString('hex');
    const withEvents = async (outside: OutsideCheckpoints): Promise<readonly string[]> => {
      const observer = listeningObserver();
      await signerOf({ outside, observer }).signGrown();
      return observer.lines.map(({ event }) => event);
    };

    it('are stored before they are kept there, and kept there before they are signed', async () => {
      await append(3);
      const seen: unknown[] = [];
      await signerOf({
        outside: outsideOf({}, async (checkpoints) => {
          seen.push(
            [...checkpoints],
            (await stored()).map(({ size, note }) => [size, note]),
          );
          return true;
        }),
      }).signGrown();
      expect(seen).to.deep.equal([[['tereze/0', { size: 3, root: await rootAt(3) }]], [['3', null]]]);
      expect((await stored())[0]?.note).to.be.a('string');
    });

    it('are not signed while no place outside can be written, and are as soon as one can', async () => {
      await append(3);
      const failing = signerOf({ outside: outsideOf({}, async () => false) });
      expect(await rejection(failing.signGrown())).to.be.instanceOf(Error);
      expect((await stored()).map(({ note }) => note)).to.deep.equal([null]);
      await append(1);
      await signerOf({ outside: outsideOf({}) }).signGrown();
      expect((await stored()).map(({ size, note }) => [size, note !== null])).to.deep.equal([['3', true]]);
    });

    it('go on from the one outside that the database does not know', async () => {
      await append(3);
      const root = await rootAt(3);
      await append(4);
      expect(await withEvents(outsideOf({ 'tereze/0': { size: 3, root } }))).to.deep.equal([]);
      expect(await sizes()).to.deep.equal([7]);
    });

    for (const [what, at] of [
      ['of the same size with another root', { size: 5, root: 'ab'.repeat(32) }],
      ['of a smaller size with another root', { size: 2, root: 'ab'.repeat(32) }],
      ['of a larger size', { size: 6, root: 'ab'.repeat(32) }],
      ['of which two roots are known', { size: 2, root: null }],
    ] as const) {
      it(`are not signed beside one ${what}, which is reported`, async () => {
        await append(5);
        expect(await withEvents(outsideOf({ 'tereze/0': at }))).to.deep.equal(['audit_checkpoint_refused']);
        expect(await sizes()).to.deep.equal([]);
      });

      it(`are not signed beside one ${what}, if a process reserved them before it died`, async () => {
        await append(5);
        const claim = (await claimSigner(database.sql, { holder: 'dead', leaseMs: 0 })) ?? expect.fail('no claim');
        const [grown] = await readGrownLogs(database.sql, 0);
        expect(grown !== undefined && (await reserveCheckpoint(database.sql, claim, grown))).to.equal(true);
        if (at.size === 2 && at.root !== null) return;
        expect(await withEvents(outsideOf({ 'tereze/0': at }))).to.deep.equal(['audit_checkpoint_refused']);
        expect((await stored()).map(({ note }) => note)).to.deep.equal([null]);
      });
    }

    it('are not signed if another wrote another root there meanwhile', async () => {
      await append(5);
      const kept: Record<string, { size: number; root: string | null }> = {};
      const outside = outsideOf(kept, async () => {
        kept['tereze/0'] = { size: 5, root: null };
        return true;
      });
      expect(await withEvents(outside)).to.deep.equal(['audit_checkpoint_refused']);
      expect((await stored()).map(({ note }) => note)).to.deep.equal([null]);
    });
  });

  it('report for how long entries have waited for one, also while the database cannot be asked', async () => {
    let now = 0;
    let isDown = false;
    const lags: number[] = [];
    const signer = signerOf({
      clock: { monotonic: () => now },
      sql: {
        ...database.sql,
        query: (...given) => (isDown ? Promise.reject(new Error('down')) : database.sql.query(...given)),
      },
      keys: { signers: async () => Promise.reject(new KeyFailure('KEY_UNREADABLE', 'no key')) },
      observer: { ...silentObserver(), gauge: (name, value) => void (name.includes('lag') && lags.push(value)) },
    });
    const look = async (at: number): Promise<void> => {
      now = at;
      await signer.look();
    };
    await look(0);
    await append(1);
    await look(1_000);
    await look(5_000);
    isDown = true;
    await look(9_000);
    isDown = false;
    await signerOf().signGrown();
    await look(10_000);
    expect(lags).to.deep.equal([0, 0, 4, 8, 0]);
  });

  it('only grow, and stay as they were signed, for the runtime role too', async () => {
    await append(3);
    await signerOf().signGrown();
    for (const statement of [
      `UPDATE audit_checkpoint SET note = 'another'`,
      `INSERT INTO audit_checkpoint (log_id, size, root) VALUES ('tereze/0', 2, sha256('another'))`,
    ])
      expect(await rejection(database.sql.query(statement))).to.have.property('code', '23514');
    expect(await rejection(database.sql.query('DELETE FROM audit_checkpoint'))).to.have.property('code', '42501');
  });
});

const root0 = Buffer.alloc(32);
