import { expect } from 'chai';
import { parse } from 'graphql';
import { needsRegisters } from '../../../../gateway/planning/document/needs-registers.js';
import { pickOperation } from '../../../../gateway/planning/document/operation.js';
import { settleConditions } from '../../../../gateway/planning/document/conditions.js';
import { citizen, notingPlanner, preparer } from '../preparing.js';

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
