import { expect } from 'chai';
import { print } from 'graphql';
import { fetchesOf, listSelections } from '../../../../gateway/planning/plan-walk.js';
import { APPLICANT, fakeGate, plain, errorsOf, world, type World } from '../../execution/harness.js';
import { prepared } from '../preparing.js';

const key = 'iin: Iin! @category(name: "test.open")';
const REGISTERS = {
  people: `scalar Iin
    type Query { person(iin: Iin! @subjectArgument): Person @category(name: "test.open") }
    type Person @key(fields: "iin") @subject(field: "iin") { ${key} name: String @category(name: "test.open") income: Int @category(name: "test.income") rooms(floor: Int): Int @category(name: "test.rooms") }`,
  offices: `scalar Iin
    type Person @key(fields: "iin") @subject(field: "iin") {
      ${key} income: Int @external @category(name: "test.income") rooms(floor: Int): Int @external @category(name: "test.rooms") name: String @external @category(name: "test.open")
      desk: String @category(name: "test.open") door: String @category(name: "test.open")
      class: String @requires(fields: "income") @category(name: "test.open")
      grade: String @requires(fields: "income") @category(name: "test.open")
      rate: String @requires(fields: "income rooms(floor: 1)") @category(name: "test.open")
      greeting: String @requires(fields: "name") @category(name: "test.open")
    }`,
};

/** The lists in which offices are asked: what is sent of the person, and what for. */
async function asked(fields: string): Promise<readonly string[]> {
  const { plan } = await prepared(`query Q($iin: Iin!) { person(iin: $iin) { ${fields} } }`, REGISTERS);
  return (plan ? fetchesOf(plan) : []).flatMap((fetch) =>
    fetch.register !== 'offices' || fetch.kind !== 'entities'
      ? []
      : fetch.lists.map((list) => {
          const sent = list.requires.flatMap((one) =>
            one.kind === 'type' ? one.selections.flatMap((field) => (field.kind === 'field' ? [field.to] : [])) : [],
          );
          return `${sent
            .filter((name) => name !== '__typename')
            .sort()
            .join(' ')}: ${listSelections(fetch, list)
            .map((selection) => print(selection))
            .join(' ')
            .replace(/\s+/g, ' ')}`;
        }),
  );
}

describe('planning: split requires', () => {
  it('leaves one list where all fields need the same', async () => {
    expect(await asked('desk door')).to.deep.equal(['iin: ... on Person { desk door }']);
    expect((await asked('class grade')).map((list) => list.replace('grade class', 'class grade'))).to.deep.equal([
      'iin income: ... on Person { class grade }',
    ]);
  });

  it('asks by the key alone what needs no more, in the same fetch', async () => {
    expect((await asked('desk class door rate')).slice().sort()).to.deep.equal([
      'iin income rooms: ... on Person { rate }',
      'iin income: ... on Person { class }',
      'iin: ... on Person { desk door }',
    ]);
  });

  it('lets nothing be lost with what something else is computed of', async () => {
    const outcome = await offices((category) => category !== 'test.income').ask(
      'query Q($iin: Iin!) { person(iin: $iin) { desk class greeting } }',
      { iin: APPLICANT },
    );
    expect(plain(outcome.data)).to.deep.equal({ person: { desk: 'D', class: null, greeting: 'N' } });
    expect(errorsOf(outcome)).to.deep.equal(['person.class: CONSENT_REQUIRED']);
  });

  it('asks a register once all the same', async () => {
    const { ask, calls } = offices(() => true);
    const outcome = await ask('query Q($iin: Iin!) { person(iin: $iin) { desk class rate greeting } }', {
      iin: APPLICANT,
    });
    expect(plain(outcome.data)).to.deep.equal({ person: { desk: 'D', class: 'C', rate: 'R', greeting: 'N' } });
    expect(calls.map(({ register }) => register)).to.deep.equal(['people', 'offices']);
    expect(
      calls[1]?.groups
        .map(({ keys }) =>
          Object.keys(keys?.[0] ?? {})
            .sort()
            .join(' '),
        )
        .sort(),
    ).to.deep.equal(['__typename iin', '__typename iin income', '__typename iin income rooms', '__typename iin name']);
  });
});

function offices(granted: (category: string) => boolean): World {
  return world(
    {
      people: {
        sdl: REGISTERS.people,
        roots: { person: ({ iin }) => ({ __typename: 'Person', iin, name: 'N', income: 5, rooms: 2 }) },
      },
      offices: {
        sdl: REGISTERS.offices,
        entity: (key) => ({
          __typename: 'Person',
          iin: key['iin'],
          desk: 'D',
          class: 'C',
          rate: 'R',
          greeting: key['name'],
        }),
      },
    },
    { gate: fakeGate((_question, category) => granted(category)) },
  );
}
