import { expect } from 'chai';
import {
  APPLICANT,
  CHILD,
  errorsOf,
  fakeGate,
  plain,
  SECOND_CHILD,
  SPOUSE,
  world,
  type Rule,
  type Thing,
  type World,
} from './harness.js';

const PEOPLE = `
  scalar Iin
  type Person @key(fields: "iin") @subject(field: "iin") @category(name: "people.identity") {
    iin: Iin!
    grid: [[Person!]!] @subject(field: "iin", role: "relative") @listSize(assumedSize: 4) @category(name: "people.family")
    cube: [[[Person]]] @subject(field: "iin", role: "relative") @listSize(assumedSize: 4) @category(name: "people.family")
    beings: [[Being]] @subject(field: "iin", role: "relative") @listSize(assumedSize: 4) @category(name: "people.family")
    papers: [[Paper]] @listSize(assumedSize: 4) @category(name: "people.papers")
    marks: [[Int]] @listSize(assumedSize: 4)
  }
  interface Being @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "people.identity") }
  type Cat implements Being @key(fields: "iin") @subject(field: "iin") @category(name: "people.identity") { iin: Iin! }
  type Dog implements Being @key(fields: "iin") @subject(field: "iin") @category(name: "people.identity") { iin: Iin! }
  type Paper @key(fields: "number") @category(name: "people.papers") { number: String! secret: String @category(name: "people.secret") }
  type Query { person(iin: Iin! @subjectArgument): Person @category(name: "people.identity") }
`;

const NOTES = `
  scalar Iin
  type Person @key(fields: "iin") @subject(field: "iin") @category(name: "notes.note") { iin: Iin! note: String }
  type Cat @key(fields: "iin") @subject(field: "iin") @category(name: "notes.note") { iin: Iin! note: String }
  type Paper @key(fields: "number") @category(name: "notes.note") { number: String! stamp: String }
`;

const person = (iin: string): Thing => ({ __typename: 'Person', iin });

function people(held: Readonly<Record<string, unknown>>, rule?: Rule): World {
  return world(
    {
      people: {
        sdl: PEOPLE,
        roots: { person: ({ iin }) => ({ ...person(String(iin)), ...held }) },
        entity: ({ __typename, iin }) => ({ __typename: String(__typename), iin, ...held }),
      },
      notes: {
        sdl: NOTES,
        entity: ({ __typename, iin, number }) => ({
          __typename: String(__typename),
          iin,
          number,
          note: `of ${String(iin)}`,
          stamp: `of ${String(number)}`,
        }),
      },
    },
    { unlinted: true, ...(rule ? { gate: fakeGate(rule) } : {}) },
  );
}

const WHO = { iin: APPLICANT };
const ASK = (fields: string): string => `query Q($iin: Iin!) { person(iin: $iin) { ${fields} } }`;
const GRID = [[person(SPOUSE), person(CHILD)], [], [person(SECOND_CHILD)]];
const noted = (iin: string): unknown => ({ iin, note: `of ${iin}` });

describe('execution: lists of lists', () => {
  it('are completed with entities of another register, in one call', async () => {
    const { ask, calls } = people({ grid: GRID });
    const outcome = await ask(ASK('grid { iin note }'), WHO);
    expect(outcome.errors).to.deep.equal([]);
    expect(plain(outcome.data)).to.deep.equal({
      person: { grid: [[noted(SPOUSE), noted(CHILD)], [], [noted(SECOND_CHILD)]] },
    });
    expect(calls.filter(({ register }) => register === 'notes')).to.have.length(1);
  });

  it('may be three deep, with nulls at every depth', async () => {
    const { ask } = people({ cube: [null, [null, [null, person(CHILD)]], []] });
    const outcome = await ask(ASK('cube { iin note }'), WHO);
    expect([plain(outcome.data), outcome.errors]).to.deep.equal([
      { person: { cube: [null, [null, [null, noted(CHILD)]], []] } },
      [],
    ]);
  });

  it('may hold objects of several types', async () => {
    const { ask } = people({
      beings: [
        [
          { __typename: 'Cat', iin: CHILD },
          { __typename: 'Dog', iin: SPOUSE },
        ],
        null,
      ],
    });
    const outcome = await ask(ASK('beings { __typename iin ... on Cat { note } }'), WHO);
    expect([plain(outcome.data), outcome.errors]).to.deep.equal([
      {
        person: {
          beings: [
            [
              { __typename: 'Cat', ...(noted(CHILD) as object) },
              { __typename: 'Dog', iin: SPOUSE },
            ],
            null,
          ],
        },
      },
      [],
    ]);
  });

  it('may hold objects that are about the same person', async () => {
    const { ask } = people({
      papers: [[{ __typename: 'Paper', number: '1' }], [{ __typename: 'Paper', number: '2' }]],
    });
    expect(plain((await ask(ASK('papers { stamp }'), WHO)).data)).to.deep.equal({
      person: { papers: [[{ stamp: 'of 1' }], [{ stamp: 'of 2' }]] },
    });
  });

  it('are withheld as a whole if one person in them has no basis, and no one in them is asked about', async () => {
    const { ask, calls } = people(
      { grid: GRID },
      ({ subject }, category) => category !== 'people.family' || subject.id !== SECOND_CHILD,
    );
    const outcome = await ask(ASK('grid { iin note }'), WHO);
    expect([plain(outcome.data), errorsOf(outcome)]).to.deep.equal([
      { person: { grid: null } },
      ['person.grid: CONSENT_REQUIRED'],
    ]);
    expect(calls.map(({ register }) => register)).to.deep.equal(['people']);
  });

  it('leave out a person who is absent', async () => {
    const { ask, calls } = people({ grid: GRID }, ({ subject }) => (subject.id === CHILD ? 'absent' : true));
    const outcome = await ask(ASK('grid { iin note }'), WHO);
    expect([plain(outcome.data), outcome.errors]).to.deep.equal([
      { person: { grid: [[noted(SPOUSE)], [], [noted(SECOND_CHILD)]] } },
      [],
    ]);
    expect(JSON.stringify(calls.filter(({ register }) => register === 'notes'))).to.not.include(CHILD);
  });

  it('are cut where all their values together are more than the bound', async () => {
    const { ask, calls } = people({ grid: [...GRID, ...GRID], marks: [[1, 2], [3], [4, 5], [6]] });
    const outcome = await ask(ASK('grid { iin note } marks'), WHO);
    expect(plain(outcome.data)).to.deep.equal({
      person: {
        grid: [[noted(SPOUSE), noted(CHILD)], [], [noted(SECOND_CHILD)], [noted(SPOUSE)]],
        marks: [[1, 2], [3], [4]],
      },
    });
    expect(outcome.records.flatMap(({ findings }) => findings.map(({ rule }) => rule))).to.include.members([
      'people.Person.grid#list-size',
      'people.Person.marks#list-size',
    ]);
    expect(calls).to.have.length(2);
  });

  it('show where a category is withheld in an atomic operation, before any call', async () => {
    const { ask, calls } = people({}, (_question, category) => category !== 'people.secret');
    const outcome = await ask(ASK('papers { number secret }'), WHO, { atomic: true });
    expect([outcome.data, calls]).to.deep.equal([null, []]);
    expect(errorsOf(outcome)).to.deep.equal(['person.papers.0.0.secret: CONSENT_REQUIRED']);
  });
});
