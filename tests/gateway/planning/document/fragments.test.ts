import { expect } from 'chai';
import { parse, print } from 'graphql';
import { inlineFragments } from '../../../../gateway/planning/document/fragments.js';
import { pickOperation } from '../../../../gateway/planning/document/parse.js';

const inlined = (text: string): string => {
  const document = parse(text);
  return print(inlineFragments(document, pickOperation(document, undefined))).replace(/\s+/g, ' ');
};

describe('planning: inline fragments', () => {
  it('puts each fragment where it is spread, within fragments too', () => {
    expect(inlined('{ ...f } fragment f on T { a { ...g } } fragment g on U { b }')).to.equal(
      '{ ... on T { a { ... on U { b } } } }',
    );
  });

  it('keeps the conditions of the spread', () => {
    expect(inlined('query($x: Boolean!) { ...f @include(if: $x) } fragment f on T { a }')).to.equal(
      'query ($x: Boolean!) { ... on T @include(if: $x) { a } }',
    );
  });

  it('leaves inline fragments, aliases and arguments', () => {
    expect(inlined('{ x: a(b: 1) { ... on T { c } ... { d } } }')).to.equal(
      '{ x: a(b: 1) { ... on T { c } ... { d } } }',
    );
  });
});
