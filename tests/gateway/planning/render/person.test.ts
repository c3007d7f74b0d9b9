import { expect } from 'chai';
import { personText } from '../../../../gateway/planning/render/person.js';

describe('planning: a person in a plan', () => {
  it('is called by what names them, never by a number', () => {
    expect(personText({ by: 'argument', argument: 'iin', form: 'identifier', variable: 'iin' })).to.equal(
      'the person in $iin',
    );
    expect(personText({ by: 'argument', argument: 'handle', form: 'handle', variable: 'who' })).to.equal(
      'the person behind the handle in $who',
    );
    expect(personText({ by: 'link', role: 'child', at: 'citizen.children' })).to.equal(
      'child found at citizen.children',
    );
    expect(personText({ by: 'nobody' })).to.equal('nobody');
    expect(personText({ by: 'unsaid' })).to.equal('not said which person');
  });
});
