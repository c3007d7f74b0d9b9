import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { commitment } from '../../../monitoring/audit/commitment.js';

describe('commitment', () => {
  const salt = Buffer.alloc(16, 7);

  it('is SHA-256 of the salt and the canonical value', () => {
    const expected = createHash('sha256')
      .update(Buffer.concat([salt, Buffer.from('{"data":{"a":1,"b":2}}')]))
      .digest('hex');
    expect(commitment(salt, { data: { b: 2, a: 1 } })).to.equal(expected);
    expect(commitment(salt, 'x')).to.equal(
      createHash('sha256')
        .update(Buffer.concat([salt, Buffer.from('"x"')]))
        .digest('hex'),
    );
  });

  it('differs with the salt, and with the value', () => {
    const made = new Set([
      commitment(salt, { data: null }),
      commitment(Buffer.alloc(16, 8), { data: null }),
      commitment(salt, { data: {} }),
      commitment(salt, {}),
    ]);
    expect(made.size).to.equal(4);
  });
});
