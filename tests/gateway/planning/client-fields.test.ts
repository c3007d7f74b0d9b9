import { expect } from 'chai';
import { parse } from 'graphql';
import { clientFields, joined } from '../../../gateway/planning/client-fields.js';
import { pickOperation } from '../../../gateway/planning/document/operation.js';

describe('planning: client fields', () => {
  it('are paths of response keys, through fragments, without meta fields', () => {
    const paths = clientFields(pickOperation(parse('{ a: b { c ... on T { d: e { f } __typename } } }'), undefined));
    expect([...paths]).to.deep.equal(['a', 'a.c', 'a.d', 'a.d.f']);
  });

  it('join without a dot at the top', () => {
    expect([joined('', 'a'), joined('a', 'b')]).to.deep.equal(['a', 'a.b']);
  });
});
