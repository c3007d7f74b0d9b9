import { expect } from 'chai';
import { COUNTRY, person } from '../country.js';
import { prepared } from '../preparing.js';

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
