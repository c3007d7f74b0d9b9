import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

describe('catalogue rule: subject-field-exists', () => {
  it('finds a type about a person in a field that it does not have', () => {
    expect(
      found('subject-field-exists', 'type Person @subject(field: "iin") @category(name: "r.a") { name: String }'),
    ).to.deep.equal(['4: @subject of Person names the field "iin", which it does not have']);
  });

  it('finds a link to a field that its target does not have', () => {
    const sdl = `${PERSON} type Flat @category(name: "r.flats") { owner: Person @subject(field: "number", role: "owner") }`;
    expect(found('subject-field-exists', sdl)).to.deep.equal([
      '9: @subject of Flat.owner names the field "number", which Person does not have',
    ]);
  });

  it('is content with a number that names itself', () => {
    expect(
      found(
        'subject-field-exists',
        `${PERSON} type Flat @category(name: "r.flats") { owner: Iin @subject(field: "owner", role: "owner") }`,
      ),
    ).to.deep.equal([]);
  });
});
