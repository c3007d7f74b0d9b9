import { expect } from 'chai';
import fc from 'fast-check';
import { parseJson, parseWithPlainNames } from '../../../schemas/json/parse-json.js';
import { jsonTree, layout, printJson } from '../../json-texts.js';
import { readReference } from '../../reference-json.js';

describe('parseJson', () => {
  const earlier = ['{"a":1,"\\\\":2}', '{"a":1,"b\\\\":2}'];
  const misread: readonly (readonly [string, object])[] = [
    ['{"a":1,"\\n":3}', { a: 1, '\n': 3 }],
    ['{"a":1,"\\u007d":3}', { a: 1, '}': 3 }],
    ['{"a":1,"b\\u0063":3}', { a: 1, bc: 3 }],
    ['{"a":1,"\\"":[{"a":1,"\\\\":"\\n"}]}', { a: 1, '"': [{ a: 1, '\\': '\n' }] }],
  ];
  for (const [text, value] of misread)
    it(`takes no name of an earlier text for one in ${text}`, () => {
      for (const one of earlier) parseJson(one);
      expect(parseJson(text)).to.deep.equal(value);
      expect(parseWithPlainNames(text)).to.deep.equal(value);
    });

  it('reads in both ways what a slow reader reads', () => {
    fc.assert(
      fc.property(jsonTree(), layout, (tree, laid) => {
        const text = printJson(tree, laid);
        const { value } = readReference(text, Number);
        // The slow reader leaves a name out that other readers take for the prototype.
        fc.pre(!text.includes('__proto__'));
        expect(parseJson(text)).to.deep.equal(value);
        expect(parseWithPlainNames(text)).to.deep.equal(value);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a name that looks like a placeholder, and refuses what is no JSON', () => {
    const text = '{"\ue0000":1,"\\"":2,"\\ue0001":3}';
    expect(parseWithPlainNames(text)).to.deep.equal({ '\ue0000': 1, '"': 2, '\ue0001': 3 });
    for (const wrong of ['{"a\\x":1}', '{"a\\":1}', '{"\\u12":1}', '"\\', '{"\\n":1'])
      expect(() => parseWithPlainNames(wrong), wrong).to.throw(SyntaxError);
  });
});
