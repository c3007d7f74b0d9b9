import { expect } from 'chai';
import { parse, print } from 'graphql';
import { loadRegisters } from '../../../schemas/catalogue/register-schema.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { probeSelection } from '../../../gateway/probe/probe-selection.js';
import { join } from 'node:path';

const asked = (sdl: string): string | undefined => {
  const probe = probeSelection(parse(sdl));
  return probe && print(probe.selection.operation).replaceAll(/\s+/g, ' ');
};
const reading = (fields: string): string =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Person { ${fields} } } }`;

describe('the selection of a probe', () => {
  it('is what the register itself says of its first entity', () => {
    expect(
      asked(
        'type Person @key(fields: "iin") { iin: ID! name: String age: Int @derived(from: ["born"], by: "age") rate: Int @requires(fields: "name") name2: String @external }',
      ),
    ).to.equal(reading('iin name'));
  });

  it('goes into objects and lists, and takes only the key of another entity', () => {
    expect(
      asked(
        'type Person @key(fields: "iin") { iin: ID! papers: [Paper] spouse: Person } type Paper { number: String owner: Person inner: Paper }',
      ),
    ).to.equal(reading('iin papers { number owner { iin } } spouse { iin }'));
  });

  it('leaves out what must be given a value', () => {
    expect(
      asked('type Person @key(fields: "iin") { iin: ID! a(n: Int!): Int b(n: Int! = 3): Int c(n: Int): Int }'),
    ).to.equal(reading('iin b c'));
  });

  it('is nothing without an entity that one field identifies', () => {
    expect(asked('type Query { a: Int } type Person @key(fields: "a b") { a: Int b: Int }')).to.equal(undefined);
  });

  for (const { name, document } of loadRegisters(join(packageRoot(), 'schemas', 'registers'))) {
    it(`is there for ${name}`, () => {
      expect(probeSelection(document)).to.include({ type: 'Citizen', key: 'iin' });
    });
  }
});
