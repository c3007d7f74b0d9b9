import { expect } from 'chai';
import { parse, print } from 'graphql';
import { clientKey, hardenAliases } from '../../../../gateway/planning/document/aliases.js';
import { fetchesOf } from '../../../../gateway/planning/plan-walk.js';
import { COUNTRY, person } from '../country.js';
import { prepared } from '../preparing.js';

const hardened = (text: string): string =>
  print(hardenAliases(parse(text)))
    .replace(/\s+/g, ' ')
    .trim();

describe('planning: alias hardening', () => {
  it('renames aliases everywhere, and leaves fields without one', () => {
    expect(hardened('{ a: b { c d: e } ...f } fragment f on T { ... { g: h } }')).to.equal(
      '{ _a_a: b { c _a_d: e } ...f } fragment f on T { ... { _a_g: h } }',
    );
  });

  it('leaves an alias that is the field’s own name', () => {
    expect(hardened('{ iin: iin }')).to.equal('{ iin: iin }');
  });

  it('renames aliases that are names of JavaScript', () => {
    expect(hardened('{ constructor: a toString: b }')).to.equal('{ _a_constructor: a _a_toString: b }');
  });

  it('is undone by the client’s key', () => {
    expect(['_a_number', 'iin', '_a__a_x'].map(clientKey)).to.deep.equal(['number', 'iin', '_a_x']);
  });

  it('keeps a client’s alias from standing where an entity’s key is read', async () => {
    const { plan } = await prepared(person('x: iin iin: name rate'), COUNTRY);
    const [first, second] = plan ? fetchesOf(plan) : [];
    expect(print(first?.operation ?? parse('{ a }')).replace(/\s+/g, ' ')).to.include('_a_x: iin _a_iin: name iin');
    expect(JSON.stringify(second?.kind === 'entities' ? second.lists[0]?.requires : undefined)).to.include(
      '{"kind":"field","from":"iin","to":"iin","selections":[]}',
    );
  });

  it('keeps it from standing for the type, too', async () => {
    const { plan } = await prepared(person('things { kind: __typename ... on Car { typename: plate } }'), COUNTRY);
    const [first] = plan ? fetchesOf(plan) : [];
    const aliases = first ? [...print(first.operation).matchAll(/(\w+): __typename/g)].map(([, alias]) => alias) : [];
    expect(aliases).to.deep.equal(['_a_kind']);
  });
});
