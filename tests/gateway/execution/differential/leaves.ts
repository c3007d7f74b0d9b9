import { GraphQLScalarType } from 'graphql';
import { Numeral } from '../../../../schemas/numeral.js';
import { dice } from './dice.js';

/** Types of leaves. `Bin` and `Decimal` are scalars of registers, `Long` and `Blob` of a service, `Colour` is an enum. */
export const LEAVES = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Colour', 'Bin', 'Decimal', 'Long', 'Blob'] as const;
export type Leaf = (typeof LEAVES)[number];

/** A value of a leaf as a service sends it, and as it has to be answered. */
export class Sample {
  /** `answered`: undefined for a value that is not of its type. */
  constructor(
    readonly sent: unknown,
    readonly answered: unknown,
  ) {}

  /** Throws if the value is not of its type. */
  get value(): unknown {
    if (this.answered === undefined) throw new Error('not of its type');
    return this.answered;
  }
}

const same = (...values: readonly unknown[]): readonly Sample[] => values.map((value) => new Sample(value, value));
const as = (sent: unknown, answered: unknown): Sample => new Sample(sent, answered);
const numeral = (source: string, answered: unknown): Sample => new Sample(new Numeral(source), answered);
const wrong = (...values: readonly unknown[]): readonly Sample[] => values.map((value) => new Sample(value, undefined));
const wrongNumerals = (...sources: readonly string[]): readonly Sample[] =>
  wrong(...sources.map((source) => new Numeral(source)));

/** Written by hand from the table of docs/engine.md: what a service may send for each type, and what comes of it. */
const SAMPLES: Readonly<Record<Leaf, { readonly right: readonly Sample[]; readonly wrong: readonly Sample[] }>> = {
  Int: {
    right: same(0, 7, -1, 2_147_483_647),
    wrong: [...wrong('abc', '7', 3.7, 2_147_483_648, true, [7]), ...wrongNumerals('3.0', '1e2', '9007199254740993')],
  },
  Float: {
    right: [...same(0, 0.5, -12.25, 3_000_000_000), numeral('19.10', 19.1), numeral('3.0', 3)],
    wrong: [...wrong('0.5', false, [0.5]), ...wrongNumerals('12345678901234567.89', '1e999')],
  },
  String: {
    right: same('', 'a', 'Ә', '"quoted"', '__proto__', 'line\nbreak', '5'),
    wrong: [...wrong(5, true, ['a'], { a: 1 }), ...wrongNumerals('19.10')],
  },
  Boolean: { right: same(true, false), wrong: wrong('no', 0, 1, 'true', [true]) },
  ID: {
    right: [...same('x', '5', ''), as(5, '5'), numeral('9007199254740993', '9007199254740993')],
    wrong: [...wrong(5.5, true, ['x']), ...wrongNumerals('3.0')],
  },
  Colour: { right: same('RED', 'GREEN', 'BLUE'), wrong: wrong('PURPLE', '', 0, 'red', ['RED'], 'toString') },
  Bin: { right: same('010140000014', '990140000017'), wrong: wrong('10140000014', 990140000017, 'x', '010140000015') },
  Decimal: {
    right: [
      ...same('19.10', '-5', '12345678901234567.89'),
      as(3.5, '3.5'),
      numeral('19.10', '19.10'),
      numeral('12345678901234567.89', '12345678901234567.89'),
    ],
    wrong: [...wrong('much', '1e5', '', true, ['1'], 1e21), ...wrongNumerals('1e2')],
  },
  Long: {
    right: [...same('5', '-9007199254740993'), as(12, '12'), numeral('9007199254740993', '9007199254740993')],
    wrong: [...wrong('5.5', 'x', 1.5, false), ...wrongNumerals('5.0')],
  },
  Blob: {
    right: [
      ...same('text', 5, true, { a: [1, null, 'b'] }),
      as({ a: [new Numeral('9007199254740993'), new Numeral('19.10')] }, { a: ['9007199254740993', 19.1] }),
    ],
    wrong: [],
  },
};

/** Returns a value of a type that depends on nothing but what is given; of its type, if `right`. */
export function sampleOf(type: Leaf, right: boolean, at: readonly (string | number)[]): Sample {
  const samples = SAMPLES[type];
  const among = !right && samples.wrong.length > 0 && dice(7, ...at, 'wrong') === 0 ? samples.wrong : samples.right;
  return among[dice(among.length, ...at)] ?? new Sample(null, undefined);
}

/** A value in the place of a list. */
export const NO_LIST = new Sample(5, undefined);

/** Returns a value as a service sends it. */
export function asSent(value: unknown): unknown {
  if (value instanceof Sample) return value.sent;
  return Array.isArray(value) ? value.map(asSent) : value;
}

/** Returns a value as it is answered, and sent to other services. Throws if a part of it is not of its type. */
export function asAnswered(value: unknown): unknown {
  if (value instanceof Sample) return value.value;
  return Array.isArray(value) ? value.map(asAnswered) : value;
}

/** Any value, as it is. */
export const SENT = new GraphQLScalarType({ name: 'Sent', serialize: asSent });

/** What is answered for samples of the type, or an error. */
export const answeredScalar = (name: string): GraphQLScalarType =>
  new GraphQLScalarType({
    name: `Answered${name}`,
    serialize: (value) => {
      if (!(value instanceof Sample)) throw new Error(`${name} is no sample`);
      return value.value;
    },
  });
