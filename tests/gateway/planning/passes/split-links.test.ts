import { expect } from 'chai';
import { print } from 'graphql';
import { dotted, fetchesOf } from '../../../../gateway/planning/plan-walk.js';
import { COUNTRY, person } from '../country.js';
import { prepared } from '../preparing.js';

/** Each fetch as `register at paths: selection`. */
async function fetches(body: string, more = ''): Promise<readonly string[]> {
  const { plan } = await prepared(person(body, more), COUNTRY);
  return (plan ? fetchesOf(plan) : []).map((fetch) => {
    const places =
      fetch.kind === 'entities' ? fetch.lists.map(({ paths }) => paths.map(dotted).join('+')).join(' ') : '';
    const text = print(fetch.operation.selectionSet)
      .replace(/\s+/g, ' ')
      .replaceAll(/(_e\d+: )?_entities\(representations: \$\w+\) /g, '');
    return `${fetch.register} at ${places}: ${text}`;
  });
}

describe('planning: split links', () => {
  it('asks no more than the key of a person reached by a link, and the rest apart', async () => {
    expect(await fetches('name spouse { name born }')).to.deep.equal([
      'people at : { person(iin: $iin) { name spouse { __typename iin } } }',
      'people at person.spouse: { { ... on Person { name born } } }',
    ]);
  });

  it('asks at once for all who are asked the same', async () => {
    expect(await fetches('spouse { name } children { name }')).to.deep.equal([
      'people at : { person(iin: $iin) { spouse { __typename iin } children { __typename iin } } }',
      'people at person.spouse+person.children: { { ... on Person { name } } }',
    ]);
  });

  it('asks nothing apart where the key is all that is wanted, in a fragment or not', async () => {
    expect(
      await fetches('spouse { ... on Person { iin } } children { ... on Person { iin ... on Person { iin } } }'),
    ).to.deep.equal(['people at : { person(iin: $iin) { spouse { iin } children { iin } } }']);
  });

  it('goes from link to link', async () => {
    expect(await fetches('spouse { children { spouse { name } } }')).to.deep.equal([
      'people at : { person(iin: $iin) { spouse { __typename iin } } }',
      'people at person.spouse: { { ... on Person { children { __typename iin } } } }',
      'people at person.spouse.children: { { ... on Person { spouse { __typename iin } } } }',
      'people at person.spouse.children.spouse: { { ... on Person { name } } }',
    ]);
  });

  it('leaves a link of which nothing but the key is asked', async () => {
    expect(await fetches('children { iin }')).to.deep.equal(['people at : { person(iin: $iin) { children { iin } } }']);
  });

  it('adds the plain key where the client gave it another name or a condition', async () => {
    const [first] = await fetches('spouse { number: iin iin @include(if: $x) name }', ', $x: Boolean!');
    expect(first).to.match(/spouse { __typename iin (_a_number: iin )?iin @include\(if: \$x\)/);
  });

  it('gives what was cut off the variables that it uses, and the rest no others', async () => {
    const { plan } = await prepared(person('spouse { address(format: $f) { city } }', ', $f: String'), COUNTRY);
    const [root, cut] = plan ? fetchesOf(plan) : [];
    expect([root?.variables, cut?.variables]).to.deep.equal([['iin'], ['f']]);
    expect(cut && print(cut.operation)).to.match(/^query \(\$representations: \[_Any!\]!, \$f: String\)/);
  });

  it('takes output rewrites along', async () => {
    const { plan } = await prepared(
      person('spouse { things { ... on Car { label } ... on Boat { label } } }'),
      COUNTRY,
    );
    const [, cut] = plan ? fetchesOf(plan) : [];
    expect(cut?.kind === 'entities' ? cut.lists[0]?.outputRewrites : undefined).to.deep.equal([
      {
        kind: 'rename',
        path: [
          { kind: 'key', name: 'things' },
          { kind: 'type', names: ['Boat'] },
          { kind: 'key', name: '_internal_qp_alias_0' },
        ],
        to: 'label',
      },
    ]);
  });

  it('cuts before the next register is asked about the person', async () => {
    const asked = await fetches('spouse { rate class }');
    expect(asked.map((fetch) => fetch.split(':')[0])).to.deep.equal([
      'people at ',
      'people at person.spouse',
      'taxes at person.spouse person.spouse',
    ]);
  });
});
