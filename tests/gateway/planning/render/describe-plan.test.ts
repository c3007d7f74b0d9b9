import { expect } from 'chai';
import type { DescribedAsk, DescribedNode } from '../../../../gateway/planning/render/description.js';
import { person } from '../country.js';
import { described, GOVERNED, PLAIN } from './describing.js';

function asksOf(node: DescribedNode | null | undefined): readonly DescribedAsk[] {
  if (node === null || node === undefined) return [];
  if (node.kind === 'fetch') return node.asks;
  return node.kind === 'condition' ? [node.ifTrue, node.ifFalse].flatMap(asksOf) : node.nodes.flatMap(asksOf);
}

const subjectsOf = async (text: string): Promise<readonly unknown[]> =>
  asksOf((await described(text)).plan).flatMap(({ subjects }) => subjects);

describe('planning: description of a plan', () => {
  it('names document, catalogue and calls', async () => {
    const description = await described(person('name rate'));
    expect(description).to.include({ operation: 'Q', catalogue: GOVERNED.hash, calls: 2 });
    expect(description.document).to.match(/^[0-9a-f]{64}$/);
    expect(description.plan).to.have.property('kind', 'sequence');
  });

  it('has no plan where no register is needed', async () => {
    expect(await described('{ __typename }')).to.include({ operation: null, calls: 0, plan: null });
  });

  it('says who names the person: an argument with a number, or with a handle', async () => {
    expect(await subjectsOf(person('name'))).to.deep.equal([
      { at: 'person', person: { by: 'argument', argument: 'iin', form: 'identifier', variable: 'iin' } },
    ]);
    expect(await subjectsOf('query Q($who: PersonHandle!) { behind(handle: $who) { name } }')).to.deep.equal([
      { at: 'behind', person: { by: 'argument', argument: 'handle', form: 'handle', variable: 'who' } },
    ]);
    expect(await subjectsOf('{ regions }')).to.deep.equal([{ at: 'regions', person: { by: 'nobody' } }]);
  });

  it('says of entities by which key they are asked, and that the person stays the same', async () => {
    const [, taxes] = await subjectsOf(person('name rate'));
    expect(taxes).to.deep.equal({
      at: 'person',
      key: 'Person.iin',
      person: { by: 'argument', argument: 'iin', form: 'identifier', variable: 'iin' },
    });
  });

  it('says of objects that are about no one themselves whose they are', async () => {
    const [, cars] = await subjectsOf(person('things { ... on Car { taxed } }'));
    expect(cars).to.deep.equal({
      at: 'person.things',
      person: { by: 'argument', argument: 'iin', form: 'identifier', variable: 'iin' },
    });
  });

  it('names persons found by links by the last link', async () => {
    expect((await subjectsOf(person('spouse { children { rate } }'))).slice(1)).to.deep.equal([
      { at: 'person.spouse', key: 'Person.iin', person: { by: 'link', role: 'spouse', at: 'person.spouse' } },
      {
        at: 'person.spouse.children',
        key: 'Person.iin',
        person: { by: 'link', role: 'child', at: 'person.spouse.children' },
      },
    ]);
  });

  it('writes paths as the client wrote them', async () => {
    expect(
      await subjectsOf('query Q($iin: Iin!) { me: person(iin: $iin) { partner: spouse { name } } }'),
    ).to.deep.equal([
      { at: 'me', person: { by: 'argument', argument: 'iin', form: 'identifier', variable: 'iin' } },
      { at: 'me.partner', key: 'Person.iin', person: { by: 'link', role: 'spouse', at: 'me.partner' } },
    ]);
  });

  it('keeps two people of one question apart', async () => {
    const people = await subjectsOf(
      'query Q($one: Iin!, $other: Iin!) { one: person(iin: $one) { rate } other: person(iin: $other) { rate } }',
    );
    expect(
      people
        .map((subject) => JSON.stringify(subject))
        .filter((text) => text.includes('"key"'))
        .map((text) => /"at":"(\w+)".*"variable":"(\w+)"/.exec(text)?.slice(1)),
    ).to.have.deep.members([
      ['one', 'one'],
      ['other', 'other'],
    ]);
  });

  it('keeps both sides of a condition', async () => {
    const { plan } = await described(person('name rate @include(if: $more)', ', $more: Boolean!'));
    const condition = plan?.kind === 'sequence' ? plan.nodes[1] : undefined;
    expect(condition).to.include({ kind: 'condition', variable: 'more' }).and.have.property('ifTrue');
  });

  it('says nothing of categories and persons over a supergraph alone', async () => {
    const { plan } = await described(person('class'), PLAIN);
    const asks = asksOf(plan);
    expect(asks.flatMap(({ subjects }) => subjects.map((subject) => subject.person.by))).to.deep.equal([
      'unsaid',
      'unsaid',
    ]);
    expect(asks.flatMap(({ reads, sends }) => [...reads, ...sends]).map(({ category }) => category))
      .to.include(null)
      .and.have.length.greaterThan(3);
    expect(
      new Set(asks.flatMap(({ reads, sends }) => [...reads, ...sends].map(({ category }) => category))),
    ).to.deep.equal(new Set([null]));
  });
});
