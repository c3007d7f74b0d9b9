import { expect } from 'chai';
import { collectGovernance } from '../../../../schemas/catalogue/governance-index.js';
import { governanceChanges } from '../../../../schemas/catalogue/changes/governance-changes.js';
import { registers } from '../registers.js';

const OLD = `
scalar Iin
scalar PersonHandle
type Query { person(iin: Iin! @subjectArgument, other: Iin): Person @category(name: "r.number") }
type Person @key(fields: "iin") @subject(field: "iin") @category(name: "r.identity") {
  iin: Iin! @category(name: "r.number")
  papa: Iin
  name: String
  born: Int
  age: Int @derived(from: ["born"], by: "age")
  spouse: Person @subject(field: "iin", role: "spouse")
}
`;

const told = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): readonly string[] =>
  governanceChanges(collectGovernance(registers(before)), collectGovernance(registers(after))).map(
    ({ criticality, type, message }) => `${criticality} ${type}: ${message}`,
  );
const changed = (from: string, to: string): readonly string[] => told({ r: OLD }, { r: OLD.replace(from, to) });

describe('changes of governance', () => {
  it('are none where nothing changed', () => expect(changed('', '')).to.deep.equal([]));

  it('name another category, of a field and of all fields of a type', () => {
    expect(changed('name: String', 'name: String @category(name: "r.name")')).to.deep.equal([
      'dangerous CATEGORY_CHANGED: The category of Person.name changed from r.identity to r.name',
    ]);
    expect(changed('"r.identity"', '"r.person"')).to.have.length(5);
  });

  it('name another sensitivity', () => {
    expect(changed('name: String', 'name: String @category(name: "r.identity", sensitivity: SENSITIVE)')).to.deep.equal(
      ['dangerous SENSITIVITY_CHANGED: The sensitivity of r.identity changed from PERSONAL to SENSITIVE'],
    );
  });

  it('name another bound of a list', () => {
    const list = (bound: string) => ({ r: OLD.replace('born: Int', `born: Int nicknames${bound}`) });
    expect(told(list(': [Int] @listSize(assumedSize: 5)'), list(': [Int] @listSize(assumedSize: 9)'))).to.deep.equal([
      'dangerous LIST_BOUND_CHANGED: The bound of Person.nicknames changed from 5 to 9',
    ]);
    expect(told(list(': [Int] @listSize(assumedSize: 5)'), list('(first: Int!): [Int]'))).to.deep.equal([
      'dangerous LIST_BOUND_CHANGED: The bound of Person.nicknames changed from 5 to first',
    ]);
  });

  it('name another dwelling, and of none', () => {
    expect(
      changed('@subject(field: "iin") @category', '@subject(field: "iin") @dwelling(field: "papa") @category'),
    ).to.deep.equal(['dangerous DWELLING_CHANGED: The dwelling of Person changed from none to papa']);
  });

  it('name another subject, and of none', () => {
    expect(changed('@subject(field: "iin") @category', '@subject(field: "papa") @category')).to.deep.equal([
      'dangerous SUBJECT_CHANGED: The subject of Person changed from iin to papa',
    ]);
    expect(changed('@subject(field: "iin") @category', '@category')).to.deep.equal([
      'dangerous SUBJECT_CHANGED: The subject of Person changed from iin to none',
    ]);
  });

  it('name another argument that names the subject', () => {
    expect(changed('iin: Iin! @subjectArgument, other: Iin', 'iin: Iin!, other: Iin @subjectArgument')).to.deep.equal([
      'dangerous SUBJECT_ARGUMENT_CHANGED: The argument that names the subject of Query.person changed from iin (identifier) to other (identifier)',
    ]);
    expect(changed('iin: Iin! @subjectArgument', 'iin: PersonHandle! @subjectArgument')[0]).to.include(
      'from iin (identifier) to iin (handle)',
    );
  });

  it('name another role, and of another derivation', () => {
    expect(changed('role: "spouse"', 'role: "partner"')).to.deep.equal([
      'dangerous LINK_CHANGED: The link of Person.spouse changed from spouse by iin to partner by iin',
    ]);
    expect(changed('["born"]', '["born", "name"]')).to.deep.equal([
      'dangerous DERIVATION_CHANGED: The derivation of Person.age changed from age from born to age from born, name',
    ]);
  });

  it('are none for a field that is new or gone: that is a change of the public schema', () => {
    expect(changed('  name: String\n', '')).to.deep.equal([]);
    expect(changed('name: String', 'name: String house: Int @category(name: "r.house")')).to.deep.equal([]);
  });

  it('see a field that another register has now', () => {
    const key =
      'type Person @key(fields: "iin") @subject(field: "iin") @category(name: "r.identity") { iin: Iin! @category(name: "r.number")';
    const without = OLD.replace('  name: String\n', '');
    expect(told({ r: OLD }, { r: without, s: `scalar Iin ${key} name: String }` })).to.deep.equal([]);
    expect(
      told({ r: OLD }, { r: without, s: `scalar Iin ${key} name: String @category(name: "s.name") }` }),
    ).to.deep.equal(['dangerous CATEGORY_CHANGED: The category of Person.name changed from r.identity to s.name']);
  });
});
