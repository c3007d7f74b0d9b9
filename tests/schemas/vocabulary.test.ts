import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Kind, parse } from 'graphql';
import { SENSITIVITIES } from '../../schemas/vocabulary.js';

describe('vocabulary', () => {
  it('has the values of the GraphQL enum Sensitivity, in its order', () => {
    const { definitions } = parse(readFileSync('schemas/directives.graphql', 'utf8'));
    const declared = definitions.flatMap((one) =>
      one.kind === Kind.ENUM_TYPE_DEFINITION && one.name.value === 'Sensitivity' ? (one.values ?? []) : [],
    );
    expect(SENSITIVITIES).to.deep.equal(declared.map(({ name }) => name.value));
  });
});
