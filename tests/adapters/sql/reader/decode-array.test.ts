import { expect } from 'chai';
import { ArrayInvalid, decodeArray } from '../../../../adapters/sql/reader/decode-array.js';

const decode = (text: string): readonly unknown[] => decodeArray(text, (element) => `<${element}>`);

describe('an array as PostgreSQL writes it', () => {
  for (const [text, expected] of [
    ['{}', []],
    ['{a,b}', ['<a>', '<b>']],
    ['{NULL,"NULL",null}', [null, '<NULL>', '<null>']],
    ['{"a,b","c\\"d","e\\\\f","","{}"}', ['<a,b>', '<c"d>', '<e\\f>', '<>', '<{}>']],
    [
      '{{1,2},{3,NULL}}',
      [
        ['<1>', '<2>'],
        ['<3>', null],
      ],
    ],
    ['[0:1]={a,b}', ['<a>', '<b>']],
    ['{қала,a b}', ['<қала>', '<a b>']],
  ] as const) {
    it(`is a list: ${text}`, () => expect(decode(text)).to.deep.equal(expected));
  }

  for (const text of ['', 'a', '{a', '{a,}', '{,a}', '{"a}', '{a}b', '{a"b"}', '[0:1]{a}'])
    it(`is none: ${text}`, () => expect(() => decode(text)).to.throw(ArrayInvalid));
});
