import { expect } from 'chai';
import { found, PERSON } from '../registers.js';

const field = (directives: string): string => `type Flat { area: Int ${directives} }`;

describe('catalogue rule: directive-malformed', () => {
  for (const directives of [
    '@category',
    '@category(name: "")',
    '@category(name: "flats")',
    '@category(name: "r.a", sensitivity: SECRET)',
    '@category(name: "r.a", sensitivity: "OPEN")',
    '@category(name: "r.a", nmae: "x")',
    '@category(name: "r.a") @category(name: "r.b")',
    '@category(name: "r.a") @subject(role: "owner")',
    '@category(name: "r.a") @subject(field: "a", role: "x") @subject(field: "b", role: "y")',
    '@category(name: "r.a") @derived(from: [], by: "x")',
    '@category(name: "r.a") @derived(from: ["area"])',
  ]) {
    it(`refuses ${directives}`, () => {
      expect(found('directive-malformed', field(directives))).to.have.length(1);
    });
  }

  it('refuses a type about two persons, and says where the second goes', () => {
    const [problem] = found(
      'directive-malformed',
      'scalar Iin type Marriage @subject(field: "husband") @subject(field: "wife", role: "wife") @category(name: "r.a") { husband: Iin wife: Iin }',
    );
    expect(problem).to.equal(
      '4: Marriage has @subject 2 times: write one; a second person or category goes on a field of its own',
    );
  });

  it('says what to write in place of the word that register new leaves', () => {
    expect(found('directive-malformed', field('@category(name: "CATEGORY")'))).to.deep.equal([
      '4: Flat.area: @category(name:) is "CATEGORY": write a category, small letters with a dot, such as "population.identity"',
    ]);
  });

  it('is content with what schemas/directives.graphql says', () => {
    expect(found('directive-malformed', PERSON)).to.deep.equal([]);
    expect(
      found(
        'directive-malformed',
        field('@category(name: "r.a", sensitivity: SENSITIVE) @derived(from: ["area"], by: "size")'),
      ),
    ).to.deep.equal([]);
  });
});
