import { expect } from 'chai';
import { canonicalBytes, leafHash } from '../../../../monitoring/audit/canonical.js';
import { GrowingTree } from '../../../../monitoring/audit/verify/growing-tree.js';
import {
  verifyLogs,
  type VerifiedLog,
  type VerifiedTree,
  type VerifyOptions,
} from '../../../../monitoring/audit/verify/verify-logs.js';
import type { SqlExecutor } from '../../../../schemas/ports/sql.js';
import type { TestDatabase } from '../../../gateway/state/test-database.js';
import { formatCheckpoint } from '../../../../monitoring/audit/tree/checkpoint.js';
import { createNoteSigner, createNoteVerifier, signNote } from '../../../../monitoring/audit/tree/note.js';
import { keyOf, ORIGIN, signCheckpoints } from '../checkpoints/sign-checkpoints.js';
import { completionDraft, intentDraft } from '../drafts.js';
import { emptyLog, openDatabase, openLog } from '../harness.js';

const SIZE = 600;
const LOG = 'tereze/0';

const VERIFIER =
  createNoteVerifier(createNoteSigner(`${ORIGIN}/0`, keyOf(1)).verifierKey) ?? expect.fail('no verifier key');

/** Takes back what was changed. */
class TakeBack extends Error {}

type Change = (owner: SqlExecutor) => Promise<unknown>;

/** A change that the owner of the database makes, and how the first fault is named. */
interface Tampering {
  readonly what: string;
  readonly change: Change;
  readonly fault: string;
}

const sql =
  (...texts: readonly string[]): Change =>
  async (owner) => {
    for (const text of texts) await owner.query(text);
  };
const entry = (change: string, index: number): Change =>
  sql(`UPDATE audit_entry SET ${change} WHERE log_id = '${LOG}' AND index = ${index}`);
const subject = (change: string, index: number): Change =>
  sql(`UPDATE audit_subject SET ${change} WHERE log_id = '${LOG}' AND index = ${index}`);
const tile = (change: string, number: number): Change =>
  sql(`UPDATE audit_tile SET ${change} WHERE log_id = '${LOG}' AND level = 0 AND number = ${number}`);
const head = (change: string): Change => sql(`UPDATE audit_head SET ${change} WHERE log_id = '${LOG}'`);
const flipped = (column: string, at = 0): string =>
  `${column} = set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`;

const checkpoint = (change: string): Change =>
  sql(`UPDATE audit_checkpoint SET ${change} WHERE log_id = '${LOG}' AND size = ${SIZE}`);
/** Signs the checkpoint with a key that no one named. */
const signedByAnother: Change = async (owner) => {
  const { rows } = await owner.query<{ readonly root: Buffer }>(
    `SELECT root FROM audit_checkpoint WHERE log_id = '${LOG}' AND size = ${SIZE}`,
  );
  const text = formatCheckpoint({ origin: `${ORIGIN}/0`, size: SIZE, root: rows[0]?.root ?? Buffer.alloc(32) });
  const note = signNote(text, [createNoteSigner(`${ORIGIN}/0`, keyOf(2))]);
  await owner.query(`UPDATE audit_checkpoint SET note = $1 WHERE log_id = '${LOG}'`, [note]);
};

/** Puts another entry there, with the leaf that belongs to it and, in a full tile, the hash. */
const forged =
  (index: number): Change =>
  async (owner) => {
    const { rows } = await owner.query<{ readonly entry: Buffer }>(
      `SELECT entry FROM audit_entry WHERE log_id = '${LOG}' AND index = $1`,
      [index],
    );
    const body = JSON.parse((rows[0] as { entry: Buffer }).entry.toString()) as object;
    const bytes = canonicalBytes({ ...body, policySet: 'forged' });
    const leaf = leafHash(bytes);
    await owner.query(`UPDATE audit_entry SET entry = $2, leaf_hash = $3 WHERE log_id = '${LOG}' AND index = $1`, [
      index,
      bytes,
      leaf,
    ]);
    await owner.query(
      `UPDATE audit_tile SET hashes = overlay(hashes PLACING $1 FROM $2::int) WHERE log_id = '${LOG}' AND level = 0 AND number = $3`,
      [leaf, (index % 256) * 32 + 1, Math.floor(index / 256)],
    );
  };

const TAMPERINGS: readonly Tampering[] = [
  { what: 'a bit in an entry', change: entry(flipped('entry', 20), 300), fault: 'leaf at 300' },
  { what: 'a bit in a leaf', change: entry(flipped('leaf_hash'), 301), fault: 'leaf at 301' },
  { what: 'a column', change: entry("case_number = 'HQ-1'", 302), fault: 'column at 302' },
  { what: 'a column that was emptied', change: entry('agency = NULL', 303), fault: 'column at 303' },
  { what: 'a time', change: entry("at = at + interval '1 microsecond'", 304), fault: 'column at 304' },
  { what: 'a bit in an index token', change: subject(flipped('index_token'), 4), fault: 'subject_token at 4' },
  { what: 'a bit in a salt', change: subject(flipped('salt'), 6), fault: 'subject_token at 6' },
  { what: 'a bit in a sealed identity', change: subject(flipped('sealed'), 4), fault: 'subject_sealed at 4' },
  {
    what: 'a sealed identity erased without an act',
    change: subject('sealed = NULL', 6),
    fault: 'subject_sealed at 6',
  },
  { what: 'a salt erased without an act', change: subject('salt = NULL', 8), fault: 'subject_missing at 8' },
  { what: 'the time of a subject row', change: subject("at = at - interval '1 day'", 10), fault: 'subject_at at 10' },
  {
    what: 'a removed subject row',
    change: sql(`DELETE FROM audit_subject WHERE log_id = '${LOG}' AND index = 12 AND position = 0`),
    fault: 'subject_missing at 12',
  },
  {
    what: 'an added subject row',
    change: sql(
      `INSERT INTO audit_subject (log_id, index, position, index_token, salt, at)
       SELECT log_id, index, 7, index_token, salt, at FROM audit_subject WHERE index = 14 AND position = 0`,
    ),
    fault: 'subject_unknown at 14',
  },
  {
    what: 'a removed entry',
    change: sql(`DELETE FROM audit_entry WHERE log_id = '${LOG}' AND index = 301`),
    fault: 'entry_missing at 301',
  },
  {
    what: 'a removed last entry',
    change: sql(`DELETE FROM audit_entry WHERE log_id = '${LOG}' AND index = 599`),
    fault: 'entry_missing at 599',
  },
  {
    what: 'a second entry for an index',
    change: sql(`CREATE TEMPORARY TABLE twice AS SELECT * FROM audit_entry WHERE log_id = '${LOG}' AND index = 302;
      UPDATE twice SET at = at + interval '1 hour'; INSERT INTO audit_entry SELECT * FROM twice; DROP TABLE twice`),
    fault: 'entry_repeated at 302',
  },
  {
    what: 'an entry beyond the head',
    change: head('size = 599, tree_size = NULL, frontier = NULL, root = NULL'),
    fault: 'beyond_head at 599',
  },
  {
    what: 'swapped entries',
    change: sql(
      `UPDATE audit_entry SET index = 10001 WHERE index = 301`,
      `UPDATE audit_entry SET index = 301 WHERE index = 303`,
      `UPDATE audit_entry SET index = 303 WHERE index = 10001`,
    ),
    fault: 'tile at 256',
  },
  { what: 'a forged entry with its leaf and tile', change: forged(301), fault: 'tile at 256' },
  { what: 'a forged entry after the last full tile', change: forged(599), fault: 'checkpoint at 600' },
  { what: 'a bit in a tile', change: tile(flipped('hashes', 40), 1), fault: 'tile at 256' },
  { what: 'a bit in the hash above a tile', change: tile(flipped('root'), 1), fault: 'tile at 256' },
  { what: 'a removed tile', change: sql(`DELETE FROM audit_tile WHERE number = 0`), fault: 'tile at 0' },
  {
    what: 'the root of a checkpoint',
    change: checkpoint(flipped('root')),
    fault: 'checkpoint at 600',
  },
  {
    what: 'the note of another checkpoint',
    change: checkpoint(`note = replace(note, E'\\n600\\n', E'\\n601\\n')`),
    fault: 'checkpoint at 600',
  },
  {
    what: 'a bit in the signature of a checkpoint',
    change: checkpoint(`note = overlay(note PLACING '/A==' FROM length(note) - 4)`),
    fault: 'checkpoint at 600',
  },
  {
    what: 'a checkpoint without a signature',
    change: checkpoint(`note = split_part(note, E'\\n\\n', 1)`),
    fault: 'checkpoint at 600',
  },
  {
    what: 'a checkpoint of another key',
    change: signedByAnother,
    fault: 'checkpoint at 600',
  },
  {
    what: 'a checkpoint of more entries than there are',
    change: sql(`INSERT INTO audit_checkpoint (log_id, size, root) VALUES ('${LOG}', 700, sha256('x'))`),
    fault: 'growth at 600',
  },
  { what: 'the root of the head', change: head(flipped('root')), fault: 'head at 600' },
  { what: 'the subtrees of the head', change: head(flipped('frontier')), fault: 'head at 600' },
  {
    what: 'a log closed with a loss that no entry states',
    change: head(`head_size = 700, closed_log = '${LOG}', closed_index = 3`),
    fault: 'closed at 600',
  },
];

describe('verifyLogs', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  const kept = new Map<string, VerifiedTree>();
  before(async () => {
    database = await openDatabase();
    await emptyLog(database);
    const log = await openLog(database.sql);
    await Promise.all(
      Array.from({ length: SIZE }, (_, at) =>
        log.append(at % 2 === 0 ? intentDraft(`r${at}`, { subjects: ['a', `b${at}`] }) : completionDraft(`r${at}`)),
      ),
    );
    await log.close();
    await signCheckpoints(database.sql);
  });
  after(() => database.close());

  const options = (changes: Partial<VerifyOptions> = {}): VerifyOptions => ({
    verifiedBefore: async () => undefined,
    knownRoots: async () => [],
    signedAs: async () => ({ publicLog: `${ORIGIN}/0`, verifiers: [VERIFIER] }),
    onVerified: async ({ log, fault }, tree) => {
      if (fault === undefined) kept.set(log, structuredClone(tree));
    },
    ...changes,
  });

  /** Verifies after a change, and takes it back. */
  async function verifiedAfter(change: Change, changes: Partial<VerifyOptions> = {}): Promise<VerifiedLog> {
    let results: readonly VerifiedLog[] = [];
    await database.ownerSql
      .transaction(async (owner) => {
        await owner.query('ALTER TABLE audit_head DISABLE TRIGGER USER');
        await owner.query('ALTER TABLE audit_checkpoint DISABLE TRIGGER USER');
        await owner.query('ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_leaf');
        await owner.query('ALTER TABLE audit_subject_before DROP CONSTRAINT audit_subject_of_entry');
        await change(owner);
        results = await verifyLogs(owner, options(changes));
        throw new TakeBack();
      })
      .catch((error: unknown) => {
        if (!(error instanceof TakeBack)) throw error;
      });
    return results[0] as VerifiedLog;
  }

  const nothing: Change = async () => undefined;

  it('finds nothing in a log as it was written, and the root of its head', async () => {
    const results = await verifyLogs(database.sql, options());
    const { rows } = await database.sql.query<{ readonly root: Buffer }>(
      `SELECT root FROM audit_head WHERE log_id = '${LOG}'`,
    );
    const root = rows[0]?.root.toString('base64');
    expect(results).to.deep.equal([{ log: LOG, size: SIZE, root, from: 0, withoutTokens: 0 }]);
  });

  for (const { what, change, fault } of TAMPERINGS) {
    it(`names ${what} as ${fault}`, async () => {
      const { fault: found } = await verifiedAfter(change);
      expect(found && `${found.kind} at ${found.index}`, found?.text).to.equal(fault);
    });
  }

  it('goes on after what was verified before, and begins again for an older root', async () => {
    const verifiedBefore = async (): Promise<VerifiedTree | undefined> => kept.get(LOG);
    expect(await verifiedAfter(nothing, { verifiedBefore })).to.include({ from: SIZE, size: SIZE });
    const { root } = { root: new GrowingTree().root() };
    const knownRoots: VerifyOptions['knownRoots'] = async () => [{ size: 0, root, source: 'old', kind: 'growth' }];
    expect(await verifiedAfter(nothing, { verifiedBefore, knownRoots })).to.include({ from: 0, size: SIZE });
  });

  it('names a log that was set back, and another root of one size', async () => {
    const setBack = sql(
      'DELETE FROM audit_subject WHERE index >= 500',
      'DELETE FROM audit_entry WHERE index >= 500',
      `UPDATE audit_head SET size = 500, tree_size = NULL, root = NULL, frontier = NULL WHERE log_id = '${LOG}'`,
    );
    const before = await verifiedAfter(setBack, { verifiedBefore: async () => kept.get(LOG) });
    expect(before.fault).to.include({ kind: 'growth', index: 500 });
    const knownRoots: VerifyOptions['knownRoots'] = async () => [
      { size: 400, root: Buffer.alloc(32), source: 'another checkpoint', kind: 'growth' },
    ];
    expect((await verifiedAfter(nothing, { knownRoots })).fault).to.include({ kind: 'growth', index: 400 });
  });

  it('names entries that hold before a fault, and none after it', async () => {
    const { size, fault } = await verifiedAfter(sql('DELETE FROM audit_subject WHERE index = 100'));
    expect({ size, kind: fault?.kind }).to.deep.equal({ size: 100, kind: 'subject_missing' });
  });
});
