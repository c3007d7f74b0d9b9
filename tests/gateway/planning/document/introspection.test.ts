import { expect } from 'chai';
import { parse, print } from 'graphql';
import { splitIntrospection } from '../../../../gateway/planning/document/introspection.js';
import { pickOperation } from '../../../../gateway/planning/document/operation.js';

describe('planning: introspection', () => {
  const split = (text: string) => {
    const { introspective, rest } = splitIntrospection(pickOperation(parse(text), undefined));
    const shown = (part: typeof rest): string | undefined => part && print(part).replaceAll(/\s+/g, ' ');
    return { introspective: shown(introspective), rest: shown(rest) };
  };

  it('is told apart from what asks for data, conditions kept', () => {
    expect(
      split('query Q { a ... @include(if: true) { b __schema { x } } c: __type(name: "T") { name } }'),
    ).to.deep.equal({
      introspective: 'query Q { ... @include(if: true) { __schema { x } } c: __type(name: "T") { name } }',
      rest: 'query Q { a ... @include(if: true) { b } }',
    });
  });

  it('is not there, or is all there is', () => {
    expect(split('{ a __typename }')).to.deep.equal({ introspective: undefined, rest: '{ a __typename }' });
    expect(split('{ ... { __schema { x } } }')).to.deep.equal({
      introspective: '{ ... { __schema { x } } }',
      rest: undefined,
    });
  });
});
