import { expect } from 'chai';
import { isIdentifier, Subjects } from '../../../../gateway/execution/gate/subjects.js';

describe('subjects', () => {
  it('are one object for a person who is named twice', () => {
    const subjects = new Subjects();
    expect(subjects.named('1')).to.equal(subjects.named('1'));
    expect(subjects.named('1')).to.deep.equal({ id: '1', role: 'self' });
    expect(subjects.named('1')).to.not.equal(subjects.named('2'));
    expect(new Subjects().named('1'), 'of another execution').to.not.equal(subjects.named('1'));
  });

  it('are one object only for a person who is reached in the same way', () => {
    const subjects = new Subjects();
    const [anna, boris] = [subjects.named('1'), subjects.named('2')];
    const child = subjects.reached('3', 'child', anna);
    expect(child).to.deep.equal({ id: '3', role: 'child', via: anna });
    expect(subjects.reached('3', 'child', anna)).to.equal(child);
    expect(subjects.reached('3', 'spouse', anna), 'in another role').to.not.equal(child);
    expect(subjects.reached('3', 'child', boris), 'from another person').to.not.equal(child);
    expect(subjects.named('3'), 'named').to.not.equal(child);
    expect(subjects.reached('1', 'parent', child).via, 'over two links').to.equal(child);
  });

  it('have an identifier that is text and not empty', () => {
    expect(['1', '', 0, 1, null, undefined, {}, ['1']].map(isIdentifier)).to.deep.equal([
      true,
      ...Array.from({ length: 7 }, () => false),
    ]);
  });
});
