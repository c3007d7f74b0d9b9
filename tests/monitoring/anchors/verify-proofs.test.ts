import { expect } from 'chai';
import { readUnproven, storeProof } from '../../../monitoring/anchors/stored-anchors.js';
import { verifyProofs, type VerifiedProofs } from '../../../monitoring/anchors/verify-proofs.js';
import { ProofOfNothing, writeProofs } from '../../../monitoring/anchors/write-proofs.js';
import type { TestDatabase } from '../../gateway/state/test-database.js';
import { rejection } from '../../rejection.js';
import { signCheckpoints } from '../audit/checkpoints/sign-checkpoints.js';
import { completionDraft } from '../audit/drafts.js';
import { emptyLog, openDatabase, openLog } from '../audit/harness.js';
import { FakeAnchor } from './fake-anchor.js';

const LOG = 'tereze/0';

describe('stored proofs', () => {
  let database: TestDatabase;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  const anchors = [new FakeAnchor('one'), new FakeAnchor('two')];
  beforeEach(async () => {
    await emptyLog(database);
    for (let step = 0; step < 3; step += 1) {
      const log = await openLog(database.sql);
      await Promise.all([log.append(completionDraft('r')), log.append(completionDraft('s'))]);
      await log.close();
      await signCheckpoints(database.sql);
      for (const { name, kind } of anchors.slice(0, 2 - (step % 2)))
        for (const checkpoint of await readUnproven(database.sql, name))
          await storeProof(database.sql, { checkpoint, name, kind, proof: Buffer.from(checkpoint.note) });
    }
  });

  const verified = (
    changes: { readonly from?: number; readonly size?: number } = {},
    by = anchors,
  ): Promise<VerifiedProofs> => verifyProofs(database.sql, by, { log: LOG, from: 0, size: 6, ...changes });

  it('hold, all of them or those from a size on', async () => {
    expect(await verified()).to.deep.equal({ proofs: 5 });
    expect(await verified({ from: 4 })).to.deep.equal({ proofs: 3 });
    expect(await verified({ from: 5 })).to.deep.equal({ proofs: 2 });
    expect(await verifyProofs(database.sql, anchors, { log: 'tereze/1', from: 0, size: 0 })).to.deep.equal({
      proofs: 0,
    });
  });

  it('of what was appended meanwhile are left to the next verification', async () => {
    expect(await verified({ size: 4 })).to.deep.equal({ proofs: 3 });
  });

  it('are read page by page', async () => {
    await database.ownerSql.query(
      `INSERT INTO audit_anchor (log_id, size, name, kind, proof)
       SELECT a.log_id, a.size, 'one-' || number, a.kind, a.proof FROM audit_anchor AS a, generate_series(1, 150) AS number WHERE a.name = 'one'`,
    );
    const many = [...anchors, ...Array.from({ length: 150 }, (_, at) => new FakeAnchor(`one-${at + 1}`))];
    expect(await verified({}, many)).to.deep.equal({ proofs: 5 + 450 });
  });

  for (const [what, statement, index, text] of [
    [
      'a byte changed',
      `UPDATE audit_anchor SET proof = proof || '\\x00' WHERE size = 4`,
      4,
      'the proof of one is of another checkpoint',
    ],
    [
      'the proof of another checkpoint',
      `UPDATE audit_anchor AS a SET proof = b.proof FROM audit_anchor AS b WHERE a.size = 6 AND b.size = 2 AND b.name = 'one'`,
      6,
      'the proof of one is of another checkpoint',
    ],
    [
      'a checkpoint removed',
      'DELETE FROM audit_checkpoint WHERE size = 2',
      2,
      'the proof of one proves no checkpoint that is stored',
    ],
    [
      'a proof beyond the log',
      `UPDATE audit_anchor SET size = 99 WHERE size = 4`,
      99,
      'the proof of one proves no checkpoint that is stored',
    ],
    [
      'a name changed',
      `UPDATE audit_anchor SET name = 'aaa' WHERE size = 4`,
      4,
      'the proof of aaa is of no anchor that the configuration names',
    ],
    [
      'a kind changed',
      `UPDATE audit_anchor SET kind = 'witness' WHERE size = 4`,
      4,
      'the proof of one is of no anchor that the configuration names',
    ],
  ] as const)
    it(`with ${what} are a fault by log, size and anchor`, async () => {
      await database.ownerSql.query('ALTER TABLE audit_checkpoint DISABLE TRIGGER audit_checkpoint_forward');
      await database.ownerSql.query(statement);
      await database.ownerSql.query('ALTER TABLE audit_checkpoint ENABLE TRIGGER audit_checkpoint_forward');
      const { fault } = await verified();
      expect(fault).to.include({ kind: 'anchor', index });
      expect(fault?.text).to.include(text);
    });

  it('of a checkpoint that was moved to another size, with its proof, are a fault', async () => {
    await database.ownerSql.query('ALTER TABLE audit_checkpoint DISABLE TRIGGER audit_checkpoint_forward');
    await database.ownerSql.query('UPDATE audit_checkpoint SET size = 5 WHERE size = 4');
    await database.ownerSql.query('UPDATE audit_anchor SET size = 5 WHERE size = 4');
    await database.ownerSql.query('ALTER TABLE audit_checkpoint ENABLE TRIGGER audit_checkpoint_forward');
    expect((await verified()).fault).to.deep.include({
      index: 5,
      text: 'the proof of one is of a checkpoint of another log or size',
    });
  });

  it('are written beside their checkpoints, up to the size of the export', async () => {
    const files = new Map<string, string>();
    const write = async (path: string, bytes: Uint8Array): Promise<void> =>
      void files.set(path, Buffer.from(bytes).toString());
    expect(await writeProofs(database.sql, { logId: LOG, size: 5 }, write)).to.equal(3);
    expect([...files.keys()]).to.deep.equal([
      'anchors/2.checkpoint',
      'anchors/2.one.tsr',
      'anchors/2.two.tsr',
      'anchors/4.checkpoint',
      'anchors/4.one.tsr',
    ]);
    expect(files.get('anchors/4.checkpoint')).to.match(/^log\.example\.kz\/tereze\/0\n4\n/);
    await database.ownerSql.query('DELETE FROM audit_checkpoint WHERE size = 4');
    expect(await rejection(writeProofs(database.sql, { logId: LOG, size: 6 }, write))).to.be.instanceOf(ProofOfNothing);
  });
});
