import { expect } from 'chai';
import { Kind, parse } from 'graphql';
import { loggedNamesOf } from '../../../../gateway/planning/document/logged-names.js';
import { buildPublicSchema } from '../../../../schemas/catalogue/public-schema.js';
import { CATALOGUE } from '../preparing.js';

const namesOf = loggedNamesOf(buildPublicSchema(CATALOGUE.publicSdl));
const logged = (text: string, isTrusted = false) => {
  const [operation] = parse(text).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the document has no operation');
  return namesOf(operation, isTrusted);
};

describe('the names of a document in the log', () => {
  it('are kept if they consist of words of the schema', () => {
    const { operation, variables } = logged(
      'query CitizenSpouse($iin: Iin!, $landArea: Int) { citizen(iin: $iin) { iin } }',
    );
    expect(operation).to.equal('CitizenSpouse');
    expect([...variables.values()]).to.deep.equal(['iin', 'landArea']);
  });

  it('are left out if they hold any other word, which may be the name of a person', () => {
    const { operation, variables } = logged(
      'query CitizenOspanova($aigul: Iin!, $n900101390012: Int) { citizen(iin: $aigul) { iin } }',
    );
    expect(operation).to.equal(null);
    expect([...variables.values()]).to.deep.equal(['variable', 'variable']);
  });

  it('are left out if they are too long for an entry', () => {
    expect(logged(`query ${'Citizen'.repeat(14)} { __typename }`).operation).to.not.equal(null);
    expect(logged(`query ${'Citizen'.repeat(15)} { __typename }`).operation).to.equal(null);
  });

  it('are kept as their owner wrote them in a trusted document, but for the number of a person', () => {
    const text = 'query Ospanova($x: Iin!, $n900101390012: Int) { citizen(iin: $x) { iin } }';
    const { operation, variables } = logged(text, true);
    expect(operation).to.equal('Ospanova');
    expect([...variables.values()]).to.deep.equal(['x', 'variable']);
  });

  it('are absent where there are none', () => {
    expect(logged('{ __typename }').operation).to.equal(null);
  });
});
