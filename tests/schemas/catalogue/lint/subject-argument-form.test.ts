import { expect } from 'chai';
import { found } from '../registers.js';

const root = (args: string): string =>
  `scalar Iin scalar PersonHandle type Query { person(${args}): Int @category(name: "r.a") }`;

describe('catalogue rule: subject-argument-form', () => {
  for (const args of [
    'iin: String! @subjectArgument',
    'iin: Iin @subjectArgument',
    'iin: [Iin!]! @subjectArgument',
    'iin: Iin! = "1" @subjectArgument',
  ]) {
    it(`refuses ${args}`, () => {
      expect(found('subject-argument-form', root(args))).to.deep.equal([
        '4: Query.person: the argument "iin" names a person: make it Iin! or PersonHandle!, without a default',
      ]);
    });
  }

  it('refuses two persons in one question', () => {
    expect(found('subject-argument-form', root('a: Iin! @subjectArgument, b: Iin! @subjectArgument'))).to.have.length(
      1,
    );
  });

  it('refuses a handle that is not looked up', () => {
    expect(found('subject-argument-form', root('a: Iin! @subjectArgument, b: PersonHandle'))).to.deep.equal([
      '4: Query.person: the argument "b" takes a handle: write @subjectArgument on it',
    ]);
  });

  it('refuses it below the root', () => {
    expect(
      found(
        'subject-argument-form',
        'scalar Iin type Flat @category(name: "r.a") { of(iin: Iin! @subjectArgument): Int }',
      ),
    ).to.have.length(1);
  });

  it('takes a number and a handle', () => {
    expect(found('subject-argument-form', root('iin: Iin! @subjectArgument'))).to.deep.equal([]);
    expect(found('subject-argument-form', root('iin: PersonHandle! @subjectArgument'))).to.deep.equal([]);
  });
});
