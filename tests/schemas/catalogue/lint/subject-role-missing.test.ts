import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

const flat = (field: string): string => `${PERSON} type Flat @category(name: "r.flats") { ${field} }`;

describe('catalogue rule: subject-role-missing', () => {
  it('finds a second person’s number', () => {
    expect(found('subject-role-missing', flat('owner: Iin'))).to.deep.equal([
      '9: Flat.owner leads to a person without saying in which role: write @subject(field: "...", role: "...")',
    ]);
    expect(found('subject-role-missing', flat('tenants: [Iin]'))).to.have.length(1);
  });

  it('finds a field that leads to a person’s record, also behind an interface or a union', () => {
    expect(found('subject-role-missing', flat('owner: Person'))).to.have.length(1);
    expect(found('subject-role-missing', `${flat('owner: Owner')} union Owner = Person | Flat`)).to.have.length(1);
    const behind =
      'interface Party @category(name: "r.party") { name: String } type Man implements Party @subject(field: "iin") @category(name: "r.identity") { iin: Iin! name: String }';
    expect(found('subject-role-missing', `${flat('owner: Party')} ${behind}`)).to.have.length(1);
  });

  it('is content with a role, with the type’s own number, and with root fields', () => {
    expect(found('subject-role-missing', flat('owner: Person @subject(field: "iin", role: "owner")'))).to.deep.equal(
      [],
    );
  });
});
