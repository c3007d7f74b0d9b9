import { expect } from 'chai';
import { Annotations } from '../../../../gateway/execution/data/annotations.js';
import type { DataObject } from '../../../../gateway/execution/data/data-object.js';
import { deniedDecision } from '../../../../gateway/execution/gate/decision.js';
import { GrantedFieldsCompiler } from '../../../../gateway/execution/gate/granted-fields.js';
import { markWithheld } from '../../../../gateway/execution/gate/mark-withheld.js';
import type { ReadSelection } from '../../../../gateway/execution/reads/read-field.js';
import { NO_CONTRACTS, plain } from '../harness.js';
import { field, selection } from '../small-reads.js';
import { SMALL } from '../small-types.js';

const ADDRESS = selection(
  [field('kato', { parentType: 'Address', category: 'address' }), field('street', { parentType: 'Address' })],
  { type: 'Address' },
);

function marked(read: ReadSelection, object: DataObject, ...denied: readonly string[]) {
  const annotations = new Annotations();
  const found = markWithheld(object, read, 'Doc', deniedDecision(denied), {
    grantedFields: new GrantedFieldsCompiler(SMALL, NO_CONTRACTS),
    annotations,
  });
  return { found, annotations };
}

describe('marking what is withheld', () => {
  it('sets a fault on each withheld field, and on no other', () => {
    const object: DataObject = {};
    const { found, annotations } = marked(
      selection([field('id'), field('title', { category: 'text' })]),
      object,
      'text',
    );
    expect(found).to.equal(true);
    expect(annotations.faultAt(object, 'title')).to.deep.equal({ code: 'POLICY_DENIED', category: 'text' });
    expect(annotations.faultAt(object, 'id')).to.equal(undefined);
    expect(object).to.deep.equal({});
  });

  it('goes into objects and lists below, and puts an object where none is', () => {
    for (const lists of [0, 1, 2]) {
      const object: DataObject = {};
      const { found, annotations } = marked(
        selection([field('address', { type: 'Address', list: lists > 0, lists, below: ADDRESS })]),
        object,
        'address',
      );
      expect(found).to.equal(true);
      expect(plain(object)).to.deep.equal({ address: [{}, [{}], [[{}]]][lists] });
      const [below] = [object['address']].flat(lists) as [object];
      expect(annotations.faultAt(below, 'kato')?.category).to.equal('address');
    }
  });

  it('keeps the object that is known already', () => {
    const known = { street: 'S' };
    const object: DataObject = { address: known };
    marked(selection([field('address', { type: 'Address', below: ADDRESS })]), object, 'address');
    expect(object['address']).to.equal(known);
  });

  it('does not follow a link: the person beyond it is decided on after the call', () => {
    const link = { field: 'id', role: 'boss' };
    const object: DataObject = {};
    const { found } = marked(selection([field('boss', { type: 'Doc', link, below: ADDRESS })]), object, 'address');
    expect(found).to.equal(false);
    expect(object).to.deep.equal({});
  });

  it('finds nothing where nothing is withheld', () => {
    const object: DataObject = {};
    expect(marked(selection([field('id', { category: 'id' })]), object, 'other').found).to.equal(false);
    expect(object).to.deep.equal({});
  });
});
