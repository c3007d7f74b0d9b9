import { expect } from 'chai';
import fc from 'fast-check';
import { isShortestJson } from '../../../schemas/json/shortest-json.js';

const isShortest = (text: string, maxDepth = 200): boolean => isShortestJson(text, JSON.parse(text), maxDepth);

/** Numbers of which the length can be told, see `shortest-json.ts`. */
const counted = fc.oneof(
  fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
  fc.integer({ min: -100_000, max: 100_000 }).map((whole) => whole * 100),
  fc.integer({ min: 1, max: 99_999_999_999 }).map((cents) => cents / 100),
  fc.integer({ min: 1, max: 999_999 }).map((millionths) => millionths / 1e6),
);

describe('isShortestJson', () => {
  it('is true of what JSON.stringify writes', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(fc.string(), fc.boolean(), fc.constant(null), counted.map(positiveZero)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string().filter(isName), tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (made) => {
        const text = JSON.stringify(made);
        // The list has at most twelve fractions, of which lengths are counted.
        fc.pre((text.match(/\d\.\d/g)?.length ?? 0) <= 12 && !/\d[eE]/.test(text));
        expect(isShortest(text), text).to.equal(true);
      }),
    );
  });

  const longer = [
    ...[
      '{"a":1,"a":1}',
      '{"a":"x","a":"x"}',
      '[1.0]',
      '[-0]',
      '[1e2]',
      '[100,1e2]',
      '[250000,25e4,"xxx"]',
      '[0.05,5e-2]',
    ],
    ...['[9007199254740993]', '[0.1234567890123456]', '[1.2345678]', ' 1', '[1 ]', '{ "a":1}', '[1E400]'],
    ...['{"a":1000,"b":1e3,"b":1}', '{"__proto__":1}', '[12.50]', '[1e-2]', '{"a":{"b":1},"a":[]}'],
  ];
  for (const text of longer)
    it(`is false of ${text}`, () => {
      expect(isShortest(text)).to.equal(false);
    });

  it('counts an escape as the character that it stands for', () => {
    expect(isShortest('{"\\u0041\\\\":"\\ud83d\\ude00\\n\\/"}')).to.equal(true);
    expect(isShortest('{"\\u0041\\\\":"\\n" }')).to.equal(false);
  });

  it('is false beyond the depth', () => {
    expect(isShortest('[{"a":[]}]', 3)).to.equal(true);
    expect(isShortest('[{"a":[]}]', 2)).to.equal(false);
  });
});

function positiveZero(number: number): number {
  return number === 0 ? 0 : number;
}

function isName(name: string): boolean {
  return name !== '__proto__';
}
