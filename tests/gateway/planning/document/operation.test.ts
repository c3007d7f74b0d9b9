import { expect } from 'chai';
import { parse } from 'graphql';
import { pickOperation } from '../../../../gateway/planning/document/operation.js';
import { refusal } from '../preparing.js';

const TWO = parse('query A { a } query B { b }');

describe('planning: operation', () => {
  it('is the one that is named, or the only one', () => {
    expect(pickOperation(TWO, 'B').name?.value).to.equal('B');
    expect(pickOperation(parse('query A { a }'), undefined).name?.value).to.equal('A');
    expect(pickOperation(parse('{ a }'), undefined).name).to.equal(undefined);
  });

  for (const [what, document, name] of [
    ['two without a name', TWO, undefined],
    ['a name that is not there', TWO, 'C'],
    ['a name for an operation without one', parse('{ a }'), 'A'],
    ['an empty name', TWO, ''],
    ['no operation', parse('fragment f on T { a }'), undefined],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      expect(await refusal(() => pickOperation(document, name))).to.equal('OPERATION_RESOLUTION_FAILURE');
    });
  }
});
