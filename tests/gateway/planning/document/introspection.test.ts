import { expect } from 'chai';
import { parse, print } from 'graphql';
import { splitIntrospection, needsRegisters } from '../../../../gateway/planning/document/introspection.js';
import { pickOperation } from '../../../../gateway/planning/document/parse.js';
import { settleConditions } from '../../../../gateway/planning/document/conditions.js';
import { citizen, notingPlanner, preparer } from '../preparing.js';

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

const needs = (text: string): boolean => needsRegisters(settleConditions(pickOperation(parse(text), undefined)));

describe('planning: needs registers', () => {
  for (const document of [
    '{ __typename }',
    '{ t: __typename ... { __typename } }',
    '{ a @skip(if: true) }',
    '{ ... @include(if: false) { a } __typename }',
  ]) {
    it(`not for ${document}`, () => {
      expect(needs(document)).to.equal(false);
    });
  }

  for (const document of [
    '{ a }',
    '{ __typename a }',
    '{ ... on Query { ... { a } } }',
    '{ a @skip(if: false) }',
    'query($x: Boolean!) { a @skip(if: $x) }',
    '{ a @include(if: true) }',
  ]) {
    it(`for ${document}`, () => {
      expect(needs(document)).to.equal(true);
    });
  }

  it('keeps the planner from being asked for nothing', async () => {
    const planner = notingPlanner();
    const documents = preparer(undefined, planner);
    expect(await documents.prepare('{ __typename }', undefined, undefined)).to.include({ plan: undefined });
    await documents.prepare('{ ...f } fragment f on Query { __typename }', undefined, undefined);
    expect(planner.given).to.deep.equal([]);
    await documents.prepare(citizen('sex'), undefined, undefined);
    expect(planner.given).to.have.length(1);
  });
});
