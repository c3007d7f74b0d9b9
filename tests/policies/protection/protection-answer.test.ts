import { expect } from 'chai';
import { parseProtection } from '../../../policies/protection/protection-answer.js';
import { ProtectionUnavailable } from '../../../policies/protection/protection-unavailable.js';

describe('protection-answer', () => {
  it('reads positions, and no one', () => {
    expect(parseProtection('{"protected":[0,2]}', 3)).to.deep.equal([0, 2]);
    expect(parseProtection('{"protected":[],"version":7}', 3)).to.deep.equal([]);
  });

  for (const text of [
    '',
    '[]',
    '{}',
    '{"protected":null}',
    '{"protected":["0"]}',
    '{"protected":[-1]}',
    '{"protected":[0.5]}',
    '{"protected":[0,3]}',
    '{"protected":[{"subject":0}]}',
  ]) {
    it(`rejects ${text || 'nothing'}`, () => {
      expect(() => parseProtection(text, 3))
        .to.throw(ProtectionUnavailable)
        .with.property('kind', 'malformed');
    });
  }
});
