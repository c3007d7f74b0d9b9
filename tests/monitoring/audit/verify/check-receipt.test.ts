import { expect } from 'chai';
import { canonicalBytes, leafHash } from '../../../../monitoring/audit/canonical.js';
import { commitment } from '../../../../monitoring/audit/commitment.js';
import { createNoteVerifier } from '../../../../monitoring/audit/tree/note.js';
import type { NoteVerifier } from '../../../../monitoring/audit/tree/open-note.js';
import { formatTlogProof, type TlogProof } from '../../../../monitoring/audit/tree/tlog-proof.js';
import { checkReceipt, type ReceiptEvidence } from '../../../../monitoring/audit/verify/check-receipt.js';
import { GrowingTree } from '../../../../monitoring/audit/verify/growing-tree.js';
import { nodeCrypto } from '../../../../monitoring/audit/verify/node-crypto.js';
import { checkpointOf, ORIGIN, signerOf } from '../../../docs/verify/sample-log.js';

const SALT = 'ab'.repeat(32);
const DATA = { person: { lastName: 'Ахметова' } };
const ENTRY = canonicalBytes({ kind: 'completion', answer: commitment(Buffer.from(SALT, 'hex'), { data: DATA }) });
const OTHER = canonicalBytes({ kind: 'intent' });

const tree = new GrowingTree();
for (const bytes of [OTHER, ENTRY]) tree.add(leafHash(bytes));

const PROOF: TlogProof = {
  index: 1,
  proof: [leafHash(OTHER)],
  checkpoint: checkpointOf({ size: 2, root: tree.root() }),
  extra: ENTRY,
};

function kept(receipt: object = {}, data: unknown = DATA): unknown {
  const whole = { log: ORIGIN, index: 1, leafHash: leafHash(ENTRY).toString('hex'), salt: SALT, ...receipt };
  return { data, extensions: { tereze: { receipt: whole } } };
}

/** The check that failed, or `verified`. */
function verdict(
  { proof = PROOF, ...evidence }: Partial<Omit<ReceiptEvidence, 'proof'>> & { readonly proof?: TlogProof } = {},
  signer = signerOf(1),
): string {
  const key = createNoteVerifier(signer.verifierKey) as NoteVerifier;
  const { verified, checks } = checkReceipt(
    { kept: kept(), proof: formatTlogProof(proof), ...evidence },
    nodeCrypto([key]),
  );
  expect(checks.slice(0, -1).every(({ holds }) => holds)).to.equal(true);
  return verified ? 'verified' : (checks.at(-1)?.check ?? 'nothing');
}

describe('checkReceipt', () => {
  it('verifies an answer with its proof, the entry in it or beside it', () => {
    expect(verdict()).to.equal('verified');
    expect(verdict({ proof: { ...PROOF, extra: undefined }, entry: ENTRY })).to.equal('verified');
  });

  it('verifies a receipt of before logs had an origin, of the same number only', () => {
    expect(verdict({ kept: kept({ log: 'tereze/0' }) })).to.equal('verified');
    expect(verdict({ kept: kept({ log: 'tereze/1' }) })).to.equal('checkpoint is of the receipt’s log');
  });

  it('names the first check that does not hold', () => {
    expect(verdict({ kept: {} })).to.equal('answer has a receipt');
    expect(verdict({ kept: kept({ index: 0 }) })).to.equal('proof is one, of the receipt’s entry');
    expect(verdict({ proof: { ...PROOF, extra: undefined } })).to.equal('proof holds the entry, or it was given');
    expect(verdict({ proof: { ...PROOF, extra: OTHER } })).to.equal('entry hashes to the receipt’s leaf');
    expect(verdict({ kept: kept({ leafHash: 'ab'.repeat(32) }) })).to.equal('entry hashes to the receipt’s leaf');
    expect(verdict({ kept: kept({}, { person: null }) })).to.equal('answer is the one that the entry commits to');
    expect(verdict({ kept: kept({ salt: 'cd'.repeat(32) }) })).to.equal('answer is the one that the entry commits to');
    expect(verdict({}, signerOf(2))).to.equal('checkpoint is signed by a given key');
    const elsewhere = checkpointOf({ size: 2, root: tree.root(), origin: 'log.example.kz/other/0' });
    expect(verdict({ proof: { ...PROOF, checkpoint: elsewhere } })).to.equal('checkpoint is of the receipt’s log');
    expect(verdict({ kept: kept({ log: 'log.example.kz/other/0' }) })).to.equal('checkpoint is of the receipt’s log');
    expect(verdict({ proof: { ...PROOF, proof: [Buffer.alloc(32)] } })).to.equal(
      'leaf is in the tree of the checkpoint',
    );
    expect(verdict({ proof: { ...PROOF, proof: [] } })).to.equal('leaf is in the tree of the checkpoint');
  });

  it('takes a text that is no proof as none', () => {
    const [, last] = checkReceipt({ kept: kept(), proof: 'no proof' }, nodeCrypto([])).checks;
    expect(last).to.deep.equal({ check: 'proof is one, of the receipt’s entry', holds: false });
  });
});
