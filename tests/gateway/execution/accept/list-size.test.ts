import { expect } from 'chai';
import { APPLICANT, CHILD, fakeGate, plain, SECOND_CHILD, SPOUSE, world, type Thing, type World } from '../harness.js';

const SDL = `
scalar Iin
type Query {
  citizen(iin: Iin! @subjectArgument): Citizen @category(name: "p.identity")
}
type Citizen @key(fields: "iin") @subject(field: "iin") @category(name: "p.identity") {
  iin: Iin!
  name: String
  names: [String] @listSize(assumedSize: 2)
  papers: [Paper] @listSize(assumedSize: 1)
  visits(first: Int = 2): [Visit]
  children: [Citizen!] @listSize(assumedSize: 1) @subject(field: "iin", role: "child")
}
type Paper @category(name: "p.papers") { number: String stamps: [Int] @listSize(assumedSize: 3) }
type Visit @category(name: "p.visits") { to: String }
`;

const visit = (to: string): Thing => ({ __typename: 'Visit', to });
const person = (iin: string): Thing => ({
  __typename: 'Citizen',
  iin,
  name: iin,
  names: ['a', 'b', 'c'],
  papers: [
    { __typename: 'Paper', number: '1', stamps: [1, 2, 3, 4] },
    { __typename: 'Paper', number: '2', stamps: [] },
  ],
  visits: ['x', 'y', 'z', 'w'].map(visit),
  children: [
    { __typename: 'Citizen', iin: CHILD },
    { __typename: 'Citizen', iin: SECOND_CHILD },
  ],
});

const country = (gate = fakeGate()): World =>
  world(
    { p: { sdl: SDL, roots: { citizen: ({ iin }) => person(String(iin)) }, entity: ({ iin }) => person(String(iin)) } },
    { gate },
  );
const citizen = (body: string, more = ''): string => `query Q($iin: Iin!${more}) { citizen(iin: $iin) { ${body} } }`;

describe('execution: lists that are longer than a register promises', () => {
  it('are cut, and the record is flagged with the field', async () => {
    const outcome = await country().ask(citizen('names papers { number stamps }'), { iin: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { names: ['a', 'b'], papers: [{ number: '1', stamps: [1, 2, 3] }] },
    });
    expect(
      outcome.records.map(({ path, verdict, findings }) => ({
        path: path.join('.'),
        verdict,
        rules: findings.map(({ rule }) => rule),
      })),
    ).to.deep.include.members([
      { path: 'citizen', verdict: 'flagged', rules: ['p.Citizen.names#list-size', 'p.Citizen.papers#list-size'] },
      { path: 'citizen.papers.0', verdict: 'flagged', rules: ['p.Paper.stamps#list-size'] },
    ]);
    expect(outcome.errors).to.deep.equal([]);
  });

  it('are as long as was asked for with `first`, or as its default', async () => {
    const lengthOf = async (text: string, variables: object = {}): Promise<number | undefined> =>
      ((await country().ask(text, { iin: APPLICANT, ...variables })).data as { citizen: { visits: unknown[] } }).citizen
        .visits.length;
    expect(await lengthOf(citizen('visits { to }'))).to.equal(2);
    expect(await lengthOf(citizen('visits(first: 3) { to }'))).to.equal(3);
    expect(await lengthOf(citizen('visits(first: $n) { to }', ', $n: Int'), { n: 1 })).to.equal(1);
    expect(await lengthOf(citizen('visits(first: -1) { to }'))).to.equal(0);
  });

  it('are cut before anyone decides about who is in them', async () => {
    const gate = fakeGate();
    const { data } = await country(gate).ask(citizen('children { name }'), { iin: APPLICANT });
    expect(plain(data)).to.deep.equal({ citizen: { children: [{ name: CHILD }] } });
    expect(JSON.stringify(gate.batches)).to.contain(CHILD).and.not.to.contain(SECOND_CHILD);
  });

  it('leave what is short enough alone', async () => {
    const outcome = await country().ask(citizen('name'), { iin: SPOUSE });
    expect(outcome.records.filter(({ verdict }) => verdict === 'flagged')).to.deep.equal([]);
  });
});
