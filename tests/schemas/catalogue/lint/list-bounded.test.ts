import { expect } from 'chai';
import { found, PERSON, registers } from '../registers.js';
import { buildGovernanceIndex } from '../../../../schemas/catalogue/governance-index.js';

const FIELD = (field: string): string => `${PERSON} type Flat @category(name: "r.flats") { ${field} }`;
const boundOf = (field: string): unknown =>
  buildGovernanceIndex(registers({ r: FIELD(field) })).listBound('r', 'Flat', 'rooms');

describe('catalogue rule: list-bounded', () => {
  for (const field of [
    'rooms: [Int]',
    'rooms: [[Int]]',
    'rooms(first: Int): [Int]',
    'rooms(most: Int! = 5): [Int]',
    'rooms(of: [Int]): [Int]',
  ]) {
    it(`finds ${field}`, () => {
      expect(found('list-bounded', FIELD(field))).to.deep.equal([
        '9: Flat.rooms is a list without a bound: write @listSize(assumedSize: N) on it or on the list argument that it answers, or give it an argument "first" that is required or has a default',
      ]);
    });
  }

  for (const [field, bound] of [
    ['rooms: [Int] @listSize(assumedSize: 9)', { kind: 'size', size: 9 }],
    ['rooms(first: Int!): [Int]', { kind: 'argument', argument: 'first' }],
    ['rooms(first: Int = 20): [Int]', { kind: 'argument', argument: 'first', byDefault: 20 }],
    ['rooms(first: Int! = 20): [Int] @governance__listSize(assumedSize: 9)', { kind: 'size', size: 9 }],
    ['rooms(of: [Int] @listSize(assumedSize: 7)): [Int]', { kind: 'size', size: 7 }],
  ] as const) {
    it(`takes ${field}`, () => {
      expect(found('list-bounded', FIELD(field))).to.deep.equal([]);
      expect(boundOf(field)).to.deep.equal(bound);
    });
  }

  it('takes the bound of an interface for the types that implement it', () => {
    const sdl = `${PERSON} interface Home { rooms: [Int] @listSize(assumedSize: 3) @category(name: "r.flats") } type Flat implements Home { rooms: [Int] }`;
    expect(found('list-bounded', sdl)).to.deep.equal([]);
  });

  it('refuses a size that is none', () => {
    for (const size of ['assumedSize: 0', 'assumedSize: "9"', ''])
      expect(
        found('directive-malformed', FIELD(`rooms: [Int] @listSize${size === '' ? '' : `(${size})`}`)),
        size,
      ).to.have.length(1);
  });
});
