import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

const FIELD = (field: string): string => `${PERSON} type Flat @category(name: "r.flats") { ${field} }`;

describe('catalogue rule: governed-nullable', () => {
  it('finds a non-null field that can be withheld', () => {
    expect(found('governed-nullable', FIELD('area: Int!'))).to.deep.equal([
      '9: Flat.area can be withheld but is non-null: drop the "!"',
    ]);
  });

  it('finds non-null items of a list of records', () => {
    expect(found('governed-nullable', FIELD('rooms: [Int!]'))).to.deep.equal([
      '9: the items of Flat.rooms can be withheld but are non-null: drop the "!" within the brackets',
    ]);
    expect(found('governed-nullable', FIELD('rooms: [[Int!]]'))).to.have.length(1);
  });

  it('finds a non-null root field, key or not', () => {
    expect(
      found(
        'governed-nullable',
        'scalar Iin type Query { person(iin: Iin! @subjectArgument): Int! @category(name: "r.a") }',
      ),
    ).to.have.length(1);
  });

  it('leaves keys and the items of lists of persons', () => {
    expect(
      found('governed-nullable', FIELD('tenants: [Person!] @subject(field: "iin", role: "tenant")')),
    ).to.deep.equal([]);
    expect(found('governed-nullable', PERSON.replace('@key', '@federation__key'))).to.deep.equal([]);
  });
});
