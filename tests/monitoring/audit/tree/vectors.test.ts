import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { isConsistent, isIncluded } from '../../../../monitoring/audit/tree/check-proofs.js';
import { nodeHash } from '../../../../monitoring/audit/tree/hashes.js';

interface Vector {
  readonly desc: string;
  readonly file: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
}

interface Vectors {
  readonly inclusion: readonly (Vector & {
    readonly leafIdx: number;
    readonly treeSize: number;
    readonly root: string;
    readonly leafHash: string;
  })[];
  readonly consistency: readonly (Vector & {
    readonly size1: number;
    readonly size2: number;
    readonly root1: string;
    readonly root2: string;
  })[];
}

const { inclusion, consistency } = JSON.parse(
  readFileSync('tests/conformance/vendor/merkle/vectors.json', 'utf8'),
) as Vectors;

const bytes = (base64: string | null | undefined): Buffer => Buffer.from(base64 ?? '', 'base64');
const hashes = (proof: readonly string[] | null): readonly Buffer[] => (proof ?? []).map(bytes);

describe('proof vectors of transparency-dev/merkle', () => {
  it('are all there', () => {
    expect(inclusion.length + consistency.length).to.equal(196);
  });

  for (const { file, desc, wantErr, leafIdx, treeSize, root, leafHash, proof } of inclusion) {
    it(`${file}: ${desc} is ${wantErr ? 'refused' : 'accepted'}`, () => {
      const claim = { leaf: bytes(leafHash), index: leafIdx, size: treeSize, root: bytes(root), proof: hashes(proof) };
      expect(isIncluded(claim, nodeHash)).to.equal(!wantErr);
    });
  }

  for (const { file, desc, wantErr, size1, size2, root1, root2, proof } of consistency) {
    it(`${file}: ${desc} is ${wantErr ? 'refused' : 'accepted'}`, () => {
      const claim = {
        oldSize: size1,
        newSize: size2,
        oldRoot: bytes(root1),
        newRoot: bytes(root2),
        proof: hashes(proof),
      };
      expect(isConsistent(claim, nodeHash)).to.equal(!wantErr);
    });
  }
});
