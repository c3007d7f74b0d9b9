import { expect } from 'chai';
import fc from 'fast-check';
import { mentionedIn } from '../../../gateway/stages/mentioned-people.js';
import { iin, writings } from '../../schemas/caller-texts/writings.js';

const PERSON = '900101390012';
const OTHER = '900101390022';
const HANDLE = `ph_${'aB3-_'.repeat(8)}xyz`;
const numbersIn = (body: unknown, max = 9): readonly string[] => mentionedIn(body, max).numbers;

describe('the people that a body mentions', () => {
  for (const [where, body] of [
    ['a variable', { documentId: 'X', variables: { iin: PERSON } }],
    ['a variable that is a number', { documentId: 'X', variables: { iin: Number(PERSON) } }],
    ['a variable with spaces', { documentId: 'X', variables: { iin: ` ${PERSON.slice(0, 6)} ${PERSON.slice(6)} ` } }],
    ['a variable of another script', { documentId: 'X', variables: { iin: '９００１０１３９００１２' } }],
    ['a nested variable', { documentId: 'X', variables: { a: [{ b: [PERSON] }] } }],
    ['a literal', { query: `{ citizen(iin: "${PERSON}") { iin } }` }],
    ['a literal with escapes', { query: `{ citizen(iin: "\\u0039${PERSON.slice(1)}") { iin } }` }],
    ['a block text', { query: `{ citizen(iin: """${PERSON}""") { iin } }` }],
    ['an integer', { query: `{ citizen(iin: ${PERSON}) { iin } }` }],
    ['a default', { query: `query ($iin: Iin = "${PERSON}") { citizen(iin: $iin) { iin } }` }],
    ['a name', { query: `query Q${PERSON} { citizen }` }],
    ['a text that is not GraphQL', { query: `citizen(iin: "${PERSON}` }],
    ['a text after what is not GraphQL', { query: `{ ? } { citizen(iin: "${PERSON}") }` }],
    ['the body of another surface', { iin: PERSON, for: 'x' }],
    ['a body that is a list', [{ query: '{ a }', variables: { iin: PERSON } }]],
    ['a body that is a text', PERSON],
    ['a document that is an object', { query: { iin: PERSON } }],
  ] as const) {
    it(`are found in ${where}`, () => {
      expect(numbersIn(body)).to.deep.equal([PERSON]);
    });
  }

  it('are found by their handles', () => {
    expect(mentionedIn({ variables: { person: HANDLE }, query: `{ p(h: "${HANDLE}x") }` }, 9).handles).to.deep.equal([
      HANDLE,
    ]);
  });

  it('come once each, those of variables first, and no more than asked and one', () => {
    const body = { query: `{ a(iin: "${OTHER}") b(iin: "${PERSON}") }`, variables: { iin: PERSON, again: PERSON } };
    expect(numbersIn(body)).to.deep.equal([PERSON, OTHER]);
    expect(numbersIn(body, 1)).to.deep.equal([PERSON, OTHER]);
    expect(numbersIn(body, 0)).to.deep.equal([PERSON]);
  });

  it('are no organisations and no numbers that no one can have', () => {
    expect(numbersIn({ variables: { a: '900140000000', b: '123456789012', c: `1${PERSON}` } })).to.deep.equal([]);
  });

  it('are found in any body that has their number, and no body makes the search fail', () => {
    const person = iin.chain((number) => fc.tuple(fc.constant(number), writings(number)));
    const keys = fc.constantFrom('variables', 'iin', 'query', 'x');
    fc.assert(
      fc.property(fc.jsonValue(), person, keys, (json, [number, text], key) => {
        const other = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : { json };
        expect(mentionedIn({ ...other, [key]: text }, 1_000).numbers).to.include(number);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are sought in a long body in a moment', () => {
    const long = { query: '"'.repeat(200_000), variables: Array.from({ length: 200_000 }, () => 1) };
    expect(numbersIn(long)).to.deep.equal([]);
  });
});
