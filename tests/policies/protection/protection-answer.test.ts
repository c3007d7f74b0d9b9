import { expect } from 'chai';
import { parseProtection } from '../../../policies/protection/protection-answer.js';
import { ProtectionUnavailable } from '../../../policies/protection/protection-unavailable.js';

const ASKED = { subjects: ['a', 'b', 'c'], dwellings: [] };
const among = (text: string, dwellings: readonly string[] = []): unknown => {
  const found = parseProtection(text, { ...ASKED, dwellings });
  return [[...found.subjects], [...found.dwellings]];
};

describe('protection-answer', () => {
  it('reads positions, and no one', () => {
    expect(among('{"protected":[0,2]}')).to.deep.equal([['a', 'c'], []]);
    expect(among('{"protected":[],"version":7}')).to.deep.equal([[], []]);
    expect(among('{"protected":[1],"protectedDwellings":[0]}', ['D'])).to.deep.equal([['b'], ['D']]);
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
    '{"protected":[],"protectedDwellings":[0]}',
    '{"protected":[],"protectedDwellings":null}',
    '{"protected":[0],"protected":[]}',
    '{"protected":[],"note":{"a":1,"a":2}}',
    '{"protected":[],"__proto__":{}}',
    '{"protected":[],"note":"\\ud800"}',
    '{"protected":[],"note":"\\u0000"}',
  ]) {
    it(`rejects ${text || 'nothing'}`, () => {
      expect(() => parseProtection(text, ASKED))
        .to.throw(ProtectionUnavailable)
        .with.property('kind', 'malformed');
    });
  }
});
