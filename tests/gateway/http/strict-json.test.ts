import fc from 'fast-check';
import { expect } from 'chai';
import { parseStrictJson } from '../../../gateway/http/strict-json.js';
import { Refusal } from '../../../schemas/refusal.js';
import { codeUnit } from '../../code-units.js';

const outcome = (text: string, maxDepth = 20): unknown => {
  try {
    return parseStrictJson(text, maxDepth);
  } catch (error) {
    if (error instanceof Refusal) return [error.code, ...error.reasons].join(' ');
    throw error;
  }
};

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: codeUnit }), (value) => {
        const text = JSON.stringify(value);
        const read = outcome(text);
        if (typeof read === 'string' && read.startsWith('INVALID_JSON')) return;
        expect(read).to.deep.equal(JSON.parse(text));
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('takes brackets, quotes and colons in texts for what they are', () => {
    const value = { 'a":{"a': '[[[[{{{{"\\', b: '":"', c: ['a', ':', { c: '\\' }] };
    expect(outcome(JSON.stringify(value))).to.deep.equal(value);
  });

  it('takes one name in different objects, and one text twice in a list', () => {
    expect(outcome('{"a":{"a":1},"b":[{"a":1},{"a":2},"x","x"]}')).to.be.an('object');
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['a name given twice', '{"a":1,"a":1}', 'duplicate_name'],
    ['a name given twice, once escaped', '{"a":1,"\\u0061":2}', 'duplicate_name'],
    ['a name given twice, far from its colon', `{"a":1,"a"${' '.repeat(500)}:2}`, 'duplicate_name'],
    ['a name given twice, deep inside', '{"x":[{"y":{"a":1,"b":[],"a":2}}]}', 'duplicate_name'],
    ['__proto__', '{"x":{"__proto__":1}}', 'name'],
    ['__proto__, escaped', '{"\\u005f_proto__":1}', 'name'],
    ['a control character in a text', '{"a":"\\u0007"}', 'control_character'],
    ['a control character in a name', '{"\\u001b":1}', 'control_character'],
    ['a raw control character', '{"a":"\u0001"}', 'syntax'],
    ['half a character', '{"a":"\\ud800"}', 'surrogate'],
    ['the other half', '{"a":"\\udc00x"}', 'surrogate'],
    ['half a character as it is', '{"a":"\ud800"}', 'surrogate'],
    ['a number beyond all', '{"a":1e999}', 'number'],
    ['an open text', '{"a', 'syntax'],
    ['an escape at the end', '{"a\\', 'syntax'],
    ['a wrong escape in a name', '{"\\x":1}', 'syntax'],
    ['brackets that do not match', '{"a":[}]', 'syntax'],
  ];
  for (const [what, text, rule] of refused) {
    it(`refuses ${what}`, () => {
      expect(outcome(text)).to.equal(`INVALID_JSON ${rule}`);
    });
  }

  it('reads Infinity for a numeral that a double would round, and every other numeral as it is', () => {
    expect(outcome('{"a":[9007199254740993,0.1],"b":"9007199254740993"}')).to.deep.equal({
      a: [Infinity, 0.1],
      b: '9007199254740993',
    });
    expect(outcome('{"a":9007199254740992}')).to.deep.equal({ a: 9007199254740992 });
  });

  it('counts depth exactly', () => {
    expect(outcome('[[[]]]', 3)).to.deep.equal([[[]]]);
    expect(outcome('[[[]]]', 2)).to.equal('INVALID_JSON depth');
    expect(outcome('[[],[],[]]', 2)).to.deep.equal([[], [], []]);
  });

  it('takes tabs, line breaks and whole characters beyond the basic plane', () => {
    expect(outcome('{"a":"\\t\\r\\n😀\\ud83d\\ude00"}')).to.deep.equal({ a: '\t\r\n😀😀' });
  });
});
