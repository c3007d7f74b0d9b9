import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { CheckpointSigner, type SignerOptions } from '../../../../monitoring/audit/checkpoints/signer.js';
import {
  claimSigner,
  readGrownLogs,
  reserveCheckpoint,
} from '../../../../monitoring/audit/checkpoints/stored-checkpoints.js';
import { isConsistent } from '../../../../monitoring/audit/tree/check-proofs.js';
import { parseCheckpoint } from '../../../../monitoring/audit/tree/checkpoint.js';
import { nodeHash } from '../../../../monitoring/audit/tree/hashes.js';
import { createNoteSigner, createNoteVerifier, openNote } from '../../../../monitoring/audit/tree/note.js';
import { proveConsistency } from '../../../../monitoring/audit/tree/proofs.js';
import { storedTiles } from '../../../../monitoring/audit/tree/stored-tree.js';
import { nodesFromTiles } from '../../../../monitoring/audit/tree/tile-nodes.js';
import type { PostgresLog } from '../../../../monitoring/audit/postgres-log.js';
import { silentObserver } from '../../../doubles.js';
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
