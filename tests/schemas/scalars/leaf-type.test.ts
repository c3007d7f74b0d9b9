import { expect } from 'chai';
import { leafTypeOf, WRONG } from '../../../schemas/scalars/leaf-type.js';
import { Numeral } from '../../../schemas/numeral.js';
import { bareObject } from '../../../schemas/objects.js';
import { APPLICANT } from '../../gateway/execution/harness.js';

const COLOURS = new Set(['RED', 'BLUE']);
const types = { enumValues: (name: string) => (name === 'Colour' ? COLOURS : undefined) };
const numeral = (source: string): Numeral => new Numeral(source);

/** Values of every kind, by how they are written here. */
const VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['"abc"', 'abc'],
  ['""', ''],
  ['"5"', '5'],
  ['"-12.50"', '-12.50'],
  ['"no"', 'no'],
  ['"RED"', 'RED'],
  ['"PURPLE"', 'PURPLE'],
  ['"2026-02-28"', '2026-02-28'],
  ['"2026-02-30"', '2026-02-30'],
  ['"2026-02-28T10:00:00Z"', '2026-02-28T10:00:00Z'],
  // Any IIN has the form of a BIN, too.
  ['an IIN', APPLICANT],
  ['a BIN', '010140000014'],
  ['a BIN without its zero', '10140000014'],
  ['true', true],
  ['false', false],
  ['0', 0],
  ['-0', -0],
  ['5', 5],
  ['-2147483648', -2147483648],
  ['2147483647', 2147483647],
  ['2147483648', 2147483648],
  ['3.7', 3.7],
  ['1e21', 1e21],
  ['0.1 + 0.2', 0.1 + 0.2],
  ['2 ** 53', 2 ** 53],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['numeral 3.0', numeral('3.0')],
  ['numeral 7', numeral('7')],
  ['numeral 19.10', numeral('19.10')],
  ['numeral 1e2', numeral('1e2')],
  ['numeral 9007199254740993', numeral('9007199254740993')],
  ['numeral 12345678901234567.89', numeral('12345678901234567.89')],
  ['numeral 1e999', numeral('1e999')],
  ['[]', []],
  ['["abc"]', ['abc']],
  ['{}', {}],
  // An object without a prototype cannot be converted to a number, not even to compare it.
  ['a bare object', bareObject()],
  ['5n', 5n],
]);

/** What each scalar makes of the values above; it refuses all others. A text stands for a value that is answered as it is. */
const RIGHT: Readonly<Record<string, readonly (string | readonly [string, unknown])[]>> = {
  Int: ['0', '-0', '5', '-2147483648', '2147483647', ['numeral 7', 7]],
  Float: [
    '0',
    '-0',
    '5',
    '-2147483648',
    '2147483647',
    '2147483648',
    '3.7',
    '1e21',
    '0.1 + 0.2',
    '2 ** 53',
    ['numeral 3.0', 3],
    ['numeral 7', 7],
    ['numeral 19.10', 19.1],
    ['numeral 1e2', 100],
  ],
  Boolean: ['true', 'false'],
  String: [
    '"abc"',
    '""',
    '"5"',
    '"-12.50"',
    '"no"',
    '"RED"',
    '"PURPLE"',
    '"2026-02-28"',
    '"2026-02-30"',
    '"2026-02-28T10:00:00Z"',
    'an IIN',
    'a BIN',
    'a BIN without its zero',
  ],
  ID: [
    '"abc"',
    '""',
    '"5"',
    '"-12.50"',
    '"no"',
    '"RED"',
    '"PURPLE"',
    '"2026-02-28"',
    '"2026-02-30"',
    '"2026-02-28T10:00:00Z"',
    'an IIN',
    'a BIN',
    'a BIN without its zero',
    ['0', '0'],
    ['-0', '0'],
    ['5', '5'],
    ['-2147483648', '-2147483648'],
    ['2147483647', '2147483647'],
    ['2147483648', '2147483648'],
    ['numeral 7', '7'],
    ['numeral 9007199254740993', '9007199254740993'],
  ],
  Decimal: [
    '"5"',
    '"-12.50"',
    'an IIN',
    'a BIN',
    'a BIN without its zero',
    ['0', '0'],
    ['-0', '0'],
    ['5', '5'],
    ['3.7', '3.7'],
    ['-2147483648', '-2147483648'],
    ['2147483647', '2147483647'],
    ['2147483648', '2147483648'],
    ['numeral 3.0', '3.0'],
    ['numeral 7', '7'],
    ['numeral 19.10', '19.10'],
    ['numeral 9007199254740993', '9007199254740993'],
    ['numeral 12345678901234567.89', '12345678901234567.89'],
  ],
  Iin: ['an IIN'],
  Bin: ['an IIN', 'a BIN'],
  LocalDate: ['"2026-02-28"'],
  Instant: ['"2026-02-28T10:00:00Z"'],
  PersonHandle: [],
  Colour: ['"RED"'],
};
const WHOLE: (typeof RIGHT)[string] = [
  '"5"',
  'an IIN',
  'a BIN',
  'a BIN without its zero',
  ['0', '0'],
  ['-0', '0'],
  ['5', '5'],
  ['-2147483648', '-2147483648'],
  ['2147483647', '2147483647'],
  ['2147483648', '2147483648'],
  ['numeral 7', '7'],
  ['numeral 9007199254740993', '9007199254740993'],
];

describe('a leaf', () => {
  const tables = {
    ...RIGHT,
    ...Object.fromEntries(['BigInt', 'BigInteger', 'Long', 'Int64', 'UInt64'].map((name) => [name, WHOLE])),
  };
  for (const [type, right] of Object.entries(tables)) {
    it(`of type ${type} takes ${right.length} of ${VALUES.size} values, and refuses the others`, () => {
      const wanted = new Map(right.map((one) => (typeof one === 'string' ? [one, VALUES.get(one)] : one)));
      const leaf = leafTypeOf(type, types);
      for (const [name, value] of VALUES)
        expect(leaf.complete(value), name).to.equal(wanted.has(name) ? wanted.get(name) : WRONG);
    });

    it(`of type ${type} has a quick test that is true only for values that stay as they are`, () => {
      const { quickTest, complete } = leafTypeOf(type, types);
      if (!quickTest) return;
      const test = new Function('v', `return ${quickTest('v')};`) as (value: unknown) => boolean;
      for (const [name, value] of [...VALUES, ['null', null] as const, ['undefined', undefined] as const])
        if (test(value)) expect(complete(value), name).to.equal(value);
    });
  }

  it('of a scalar that only its register knows takes any value, with exact numbers in it', () => {
    const { complete } = leafTypeOf('Blob', types);
    for (const value of ['text', 5, true, ['a'], { a: [1] }]) expect(complete(value)).to.equal(value);
    const held = { a: [numeral('19.10'), numeral('9007199254740993')], b: 'c' };
    expect(JSON.stringify(complete(held))).to.equal('{"a":[19.1,"9007199254740993"],"b":"c"}');
    expect(held.a[0]).to.be.instanceOf(Numeral);
    expect(complete(numeral('3.0'))).to.equal(3);
  });

  it('breaks a rule that is named after its type', () => {
    expect(['Int', 'LocalDate', 'Long', 'Decimal', 'Colour'].map((type) => leafTypeOf(type, types).rule)).to.deep.equal(
      ['int', 'local-date', 'big-integer', 'decimal', 'enum'],
    );
  });
});
