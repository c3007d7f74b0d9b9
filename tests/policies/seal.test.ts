import { expect } from 'chai';
import { createSeal } from '../../policies/seal.js';
import { deriveKey } from '../../policies/secret.js';
import { seededRandom } from '../doubles.js';

describe('seal', () => {
  const secret = Buffer.alloc(32, 1);
  const seal = createSeal(deriveKey(secret, 'a'), seededRandom());
  const sealed = seal.seal(Buffer.from('plain'), 'context');

  it('opens what it sealed, in its context only', () => {
    expect(seal.open(sealed, 'context')?.toString()).to.equal('plain');
    expect(seal.open(sealed, 'other')).to.equal(undefined);
  });

  it('opens nothing of another use or secret', () => {
    expect(createSeal(deriveKey(secret, 'b'), seededRandom()).open(sealed, 'context')).to.equal(undefined);
    expect(createSeal(deriveKey(Buffer.alloc(32, 2), 'a'), seededRandom()).open(sealed, 'context')).to.equal(undefined);
  });

  it('opens nothing that was changed in any byte, or cut', () => {
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(seal.open(changed, 'context'), String(index)).to.equal(undefined);
      expect(seal.open(sealed.subarray(0, index), 'context'), String(index)).to.equal(undefined);
    }
  });

  it('never seals the same twice', () => {
    expect(seal.seal(Buffer.from('plain'), 'context').equals(sealed)).to.equal(false);
  });
});
