import { expect } from 'chai';
import fc from 'fast-check';
import { createSecretKey } from 'node:crypto';
import {
  KEY_ID_BYTES,
  keyIdOf,
  NotOpened,
  openIdentity,
  sealIdentity,
  type DataKey,
} from '../../../monitoring/identity/sealed-identity.js';
import { seededRandom } from '../../doubles.js';

const random = seededRandom();
const dataKey = (): DataKey => ({ id: random.bytes(KEY_ID_BYTES), key: createSecretKey(random.bytes(32)) });
const IIN = '900101300017';

describe('a sealed identity', () => {
  const key = dataKey();

  it('opens under its data key alone, of any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (identifier) => {
        const sealed = sealIdentity(identifier, key, random);
        expect(openIdentity(sealed, key)).to.equal(identifier);
        expect(keyIdOf(sealed)?.equals(key.id)).to.equal(true);
        expect(() => openIdentity(sealed, dataKey())).to.throw(NotOpened);
        expect(() => openIdentity(sealed, { ...dataKey(), id: key.id })).to.throw(NotOpened);
      }),
    );
  });

  it('has one length for every number of a person, and is another one each time', () => {
    const lengths = ['1', '123456789', IIN, '9'.repeat(30)].map((text) => sealIdentity(text, key, random).length);
    expect(new Set(lengths)).to.deep.equal(new Set([77]));
    const twice = [1, 2].map(() => sealIdentity(IIN, key, random).toString('hex'));
    expect(new Set(twice)).to.have.length(2);
  });

  it('holds the number in no encoding', () => {
    const sealed = sealIdentity(IIN, key, random);
    for (const encoding of ['latin1', 'hex', 'base64', 'utf16le'] as const)
      expect(sealed.toString(encoding)).not.to.include(IIN);
    expect(sealed.includes(Buffer.from(IIN))).to.equal(false);
  });

  it('does not open after any bit of it was changed, or any byte of it is missing', () => {
    const sealed = sealIdentity(IIN, key, random);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openIdentity(changed, key), `bit ${bit}`).to.throw(NotOpened);
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => openIdentity(sealed.subarray(0, length), key), `${length} bytes`).to.throw(NotOpened);
  });

  it('is told from other bytes', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(77), Buffer.alloc(78, 1), Buffer.alloc(45, 1)])
      expect(keyIdOf(bytes)).to.equal(undefined);
  });
});
