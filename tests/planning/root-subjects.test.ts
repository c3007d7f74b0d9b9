import { expect } from 'chai';
import { COUNTRY, person } from './country.js';
import { prepared, refusal } from './preparing.js';

const HANDLE = `ph_${'A'.repeat(43)}`;
const subjects = async (text: string): Promise<unknown> => (await prepared(text, COUNTRY)).rootSubjects;

describe('planning: root subjects', () => {
  it('are named by a variable', async () => {
    expect(await subjects(person('name'))).to.deep.equal([{ register: 'people', field: 'person', form: 'identifier', source: { variable: 'iin' } }]);
  });

  it('are named by a literal', async () => {
    expect(await subjects('{ person(iin: "800101390011") { name } }')).to.deep.equal([{ register: 'people', field: 'person', form: 'identifier', source: { literal: '800101390011' } }]);
  });

  it('are as many as the question has, under whatever alias and condition', async () => {
    const text = 'query($a: Iin!, $b: Iin!, $x: Boolean!) { a: person(iin: $a) { name } ... on Query @include(if: $x) { b: person(iin: $b) { name } } }';
    expect(await subjects(text)).to.have.deep.members([
      { register: 'people', field: 'person', form: 'identifier', source: { variable: 'a' } },
      { register: 'people', field: 'person', form: 'identifier', source: { variable: 'b' } },
    ]);
  });

  it('are nobody where a field is about nobody', async () => {
    expect(await subjects('{ regions }')).to.deep.equal([{ register: 'people', field: 'regions' }]);
  });

  it('refuse a handle that is written into the document, because nobody would look it up', async () => {
    expect(await refusal(prepared(`{ behind(handle: "${HANDLE}") { name } }`, COUNTRY))).to.equal('GRAPHQL_VALIDATION_FAILED subject_argument');
  });
});
