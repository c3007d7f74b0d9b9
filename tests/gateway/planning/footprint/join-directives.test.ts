import { expect } from 'chai';
import { parse } from 'graphql';
import { requiredFields } from '../../../../gateway/planning/footprint/join-directives.js';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { COUNTRY } from '../country.js';

describe('planning: required fields', () => {
  const requires = requiredFields(parse(composeCatalogue(registers(COUNTRY)).supergraphSdl));

  it('are those of @requires in that register', () => {
    expect(requires('taxes', 'Person', 'class')).to.deep.equal(['born']);
    expect(requires('taxes', 'Person', 'office')).to.deep.equal(['address', 'address.code']);
    expect(requires('benefits', 'Person', 'benefit')).to.deep.equal(['born']);
  });

  it('are none elsewhere', () => {
    expect(requires('taxes', 'Person', 'benefit')).to.deep.equal([]);
    expect(requires('people', 'Person', 'name')).to.deep.equal([]);
    expect(requires('unknown', 'Person', 'class')).to.deep.equal([]);
  });
});
