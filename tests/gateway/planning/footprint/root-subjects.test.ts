import { expect } from 'chai';
import { composeCatalogue } from '../../../../schemas/catalogue/compose.js';
import { registers } from '../../../schemas/catalogue/registers.js';
import { COUNTRY, person } from '../country.js';
import { prepared, preparer, refusal } from '../preparing.js';

const HANDLE = `ph_${'A'.repeat(43)}`;
const subjects = async (text: string): Promise<unknown> => (await prepared(text, COUNTRY)).rootSubjects;

describe('planning: root subjects', () => {
  it('are named by a variable', async () => {
    expect(await subjects(person('name'))).to.deep.equal([
      { register: 'people', field: 'person', form: 'identifier', source: { variable: 'iin' } },
    ]);
  });

  it('are as many as the question has, under any alias and condition', async () => {
    const text =
      'query($a: Iin!, $b: Iin!, $x: Boolean!) { a: person(iin: $a) { name } ... on Query @include(if: $x) { b: person(iin: $b) { name } } }';
    expect(await subjects(text)).to.have.deep.members([
      { register: 'people', field: 'person', form: 'identifier', source: { variable: 'a' } },
      { register: 'people', field: 'person', form: 'identifier', source: { variable: 'b' } },
    ]);
  });

  it('are no one where a field is about no one', async () => {
    expect(await subjects('{ regions }')).to.deep.equal([{ register: 'people', field: 'regions' }]);
  });

  it('refuse a number that is written where a condition leaves it out this time', async () => {
    const text = 'query($no: Boolean!) { person(iin: "800101390011") @include(if: $no) { name } regions }';
    expect(
      await refusal(
        preparer(composeCatalogue(registers(COUNTRY))).prepare(text, undefined, undefined, {
          variables: { no: false },
        }),
      ),
    ).to.equal('GRAPHQL_VALIDATION_FAILED subject_argument');
  });

  for (const [what, text] of [
    ['a number', '{ person(iin: "800101390011") { name } }'],
    ['a number that a literal leaves out', '{ person(iin: "800101390011") @skip(if: true) { name } regions }'],
    ['a handle', `{ behind(handle: "${HANDLE}") { name } }`],
    ['a number as a variable’s default', 'query Q($iin: Iin! = "800101390011") { person(iin: $iin) { name } }'],
  ] as const) {
    it(`refuse ${what} that is written into the document`, async () => {
      expect(await refusal(prepared(text, COUNTRY))).to.equal('GRAPHQL_VALIDATION_FAILED subject_argument');
    });
  }
});

const variables = async (text: string): Promise<readonly string[]> => (await prepared(text, COUNTRY)).handleVariables;

describe('planning: handle variables', () => {
  it('are those whose value is a handle, each once', async () => {
    expect(
      await variables(
        'query($who: PersonHandle!) { behind(handle: $who) { name } again: behind(handle: $who) { age } }',
      ),
    ).to.deep.equal(['who']);
  });

  it('are not those whose value is a number', async () => {
    expect(await variables(person('name'))).to.deep.equal([]);
  });
});
