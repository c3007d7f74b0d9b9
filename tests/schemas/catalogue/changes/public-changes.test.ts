import { expect } from 'chai';
import { publicChanges } from '../../../../schemas/catalogue/changes/public-changes.js';

const OLD = 'enum Kind { A B } type Query { flat(id: Int): Flat } type Flat { area: Int! kind: Kind street: String }';

const changed = async (from: string, to: string): Promise<readonly string[]> =>
  (await publicChanges(OLD, OLD.replace(from, to))).map(
    ({ criticality, type, path }) => `${criticality} ${type} ${path}`,
  );

describe('changes of the public schema', () => {
  for (const [what, from, to, expected] of [
    ['a field that is gone', ' street: String', '', 'breaking FIELD_REMOVED Flat.street'],
    ['a field that may be null now', 'area: Int!', 'area: Int', 'breaking FIELD_TYPE_CHANGED Flat.area'],
    ['a field of another type', 'street: String', 'street: Int', 'breaking FIELD_TYPE_CHANGED Flat.street'],
    ['an argument that must be given now', 'id: Int', 'id: Int!', 'breaking FIELD_ARGUMENT_TYPE_CHANGED Query.flat.id'],
    [
      'a new argument that must be given',
      'id: Int',
      'id: Int, city: Int!',
      'breaking FIELD_ARGUMENT_ADDED Query.flat.city',
    ],
    ['a value of an enum that is gone', 'A B', 'A', 'breaking ENUM_VALUE_REMOVED Kind.B'],
    ['a new value of an enum', 'A B', 'A B C', 'dangerous ENUM_VALUE_ADDED Kind.C'],
    ['a new field', 'area: Int!', 'area: Int! house: String', 'safe FIELD_ADDED Flat.house'],
    ['a field that is never null now', 'street: String', 'street: String!', 'safe FIELD_TYPE_CHANGED Flat.street'],
  ] as const) {
    it(`name ${what}`, async () => expect(await changed(from, to)).to.include(expected));
  }

  it('are none between equal schemas in another order', async () => {
    expect(await publicChanges(OLD, OLD)).to.deep.equal([]);
    expect(
      await publicChanges(
        OLD,
        'type Flat { street: String kind: Kind area: Int! } type Query { flat(id: Int): Flat } enum Kind { B A }',
      ),
    ).to.deep.equal([]);
  });
});
