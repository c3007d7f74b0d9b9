import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

describe('catalogue rule: governance-differs', () => {
  it('finds a type that is about a person in one register only', () => {
    const other = 'scalar Iin\ntype Person @key(fields: "iin") { iin: Iin! @category(name: "r.identity") }';
    expect(found('governance-differs', { r: PERSON, s: other })).to.deep.equal([
      '5: Person has no @subject here and @subject(field: "iin") in r: write the same in both',
    ]);
  });

  it('finds a type that tells a dwelling in one register only, or by another field', () => {
    const home = (field: string): string =>
      `type Home ${field === '' ? '' : `@dwelling(field: "${field}")`} @category(name: "r.homes") { code: String id: ID }`;
    expect(found('governance-differs', { r: home('code'), s: home('') })).to.deep.equal([
      '4: Home has no @subject here and no @subject @dwelling(field: "code") in r: write the same in both',
    ]);
    expect(found('governance-differs', { r: home('code'), s: home('id') })).to.have.length(1);
    expect(found('governance-differs', { r: home('code'), s: home('code') })).to.deep.equal([]);
  });

  it('finds a field that leads to someone, or is derived, in one register only', () => {
    const own =
      'type Flat @category(name: "r.flats") { owner: Iin @subject(field: "owner", role: "owner")\n age: Int @derived(from: ["built"], by: "age")\n built: Int }';
    const other = 'scalar Iin type Flat @category(name: "r.flats") { owner: Iin\n age: Int }';
    expect(
      found('governance-differs', { r: PERSON + own, s: other }).map((problem) => problem.split(' ')[1]),
    ).to.deep.equal(['Flat.owner', 'Flat.age']);
  });

  it('is content when they agree', () => {
    expect(found('governance-differs', { r: PERSON, s: PERSON.replace('person(', 'someone(') })).to.deep.equal([]);
  });
});
