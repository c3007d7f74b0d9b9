import { expect } from 'chai';
import { compileRootFetch, pruneRootField, type RootFetch } from '../../../../gateway/execution/fetch/root-fetch.js';
import { APPLICANT } from '../harness.js';
import { operationOf, smallFetches } from '../small-fetches.js';

const CONTEXT = smallFetches({
  people: {
    sdl: `
      scalar Iin
      scalar PersonHandle
      type Query {
        person(iin: Iin! @subjectArgument): Person @category(name: "id")
        byHandle(handle: PersonHandle! @subjectArgument): Person @category(name: "id")
        towns: [Town] @listSize(assumedSize: 2) @category(name: "town")
      }
      type Person @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "id") name: String @category(name: "name") }
      type Town { name: String @category(name: "town") }
    `,
  },
});

const compiled = (operation: string, more: Partial<Parameters<typeof compileRootFetch>[0]> = {}): RootFetch =>
  compileRootFetch(
    {
      kind: 'fetch',
      register: 'people',
      operation: operationOf(operation),
      variables: [],
      outputRewrites: [],
      ...more,
    },
    CONTEXT,
  );

/** The number of the person that the only field of an operation names. */
const namedIn = (operation: string, variables: Readonly<Record<string, unknown>> = {}): string | undefined =>
  compiled(operation).fields[0]!.subjectIn(variables);

describe('a root fetch, compiled', () => {
  it('has one field for each response key, with everything that it reads', () => {
    const { fields } = compiled(
      'query Q($i: Iin!) { a: person(iin: $i) { name } a: person(iin: $i) { iin } towns { name } }',
    );
    expect(fields.map(({ key }) => key)).to.deep.equal(['a', 'towns']);
    expect([...fields[0]!.categories.keys()]).to.have.members(['id', 'name']);
    expect([...fields[1]!.categories.keys()]).to.deep.equal(['town']);
  });

  it('asks no register for the name of the root type', () => {
    expect(compiled('{ __typename towns { name } }').fields.map(({ key }) => key)).to.deep.equal(['towns']);
  });

  it('has the key of the answer where the plan renames a field', () => {
    const rename = { kind: 'rename', path: [{ kind: 'key', name: '_a_x' }], to: 'x' } as const;
    const { fields } = compiled('{ _a_x: towns { name } }', { outputRewrites: [rename] });
    expect(fields.map(({ key }) => key)).to.deep.equal(['x']);
  });

  it('trims lists only if one has a bound', () => {
    expect(compiled('{ towns { name } }').trimLists).to.be.a('function');
    expect(compiled('query Q($i: Iin!) { person(iin: $i) { name } }').trimLists).to.equal(undefined);
  });

  it('needs the adapter of its register', () => {
    expect(() => compiled('{ towns { name } }', { register: 'tax' })).to.throw('register tax, which has no adapter');
  });
});

describe('a root field', () => {
  it('names a person by a variable or by a literal', () => {
    const byVariable = 'query Q($i: Iin!) { person(iin: $i) { name } }';
    expect(namedIn(byVariable, { i: APPLICANT })).to.equal(APPLICANT);
    expect(namedIn(`{ person(iin: "${APPLICANT}") { name } }`)).to.equal(APPLICANT);
  });

  it('names no person by a value that is no identifier, or without a subject argument', () => {
    const byVariable = 'query Q($i: Iin!) { person(iin: $i) { name } }';
    for (const value of ['', null, 12, undefined]) expect(namedIn(byVariable, { i: value })).to.equal(undefined);
    expect(namedIn('{ towns { name } }')).to.equal(undefined);
  });

  it('names a person by a handle only in a variable, where the handle was resolved', () => {
    expect(namedIn('query Q($h: PersonHandle!) { byHandle(handle: $h) { name } }', { h: APPLICANT })).to.equal(
      APPLICANT,
    );
    expect(namedIn('{ byHandle(handle: "a handle") { name } }')).to.equal(undefined);
  });

  it('is cut to what is not denied, and is not asked if nothing is left', () => {
    const [root] = compiled('query Q($i: Iin!) { person(iin: $i) { iin name } }').fields;
    const asked = (...denied: readonly string[]) =>
      pruneRootField(root!, new Set(denied))?.below.map(({ field }) => field.responseKey);
    expect(asked()).to.deep.equal(['iin', 'name']);
    expect(asked('name')).to.deep.equal(['iin']);
    expect(asked('id')).to.equal(undefined);
  });
});
