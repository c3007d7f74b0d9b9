import { expect } from 'chai';
import { RegisterFailure } from '../../../adapters/port.js';
import { APPLICANT, fakeGate, plain, SPOUSE, errorsOf, world, type World } from './harness.js';

const key = 'id: Iin! @category(name: "test.open")';
const person = (fields: string): string => `scalar Iin
  type Person @key(fields: "id") @subject(field: "id") { ${key} ${fields} }
  type Query { person(id: Iin! @subjectArgument): Person @shareable @category(name: "test.open") people(id: Iin! @subjectArgument): [Person] @shareable @listSize(assumedSize: 10) @category(name: "test.open") }`;

/** Two registers that answer the same root fields, each with fields of its own. */
function country(granted: (category: string) => boolean = () => true): World {
  const roots = (more: Readonly<Record<string, unknown>>) => ({
    person: ({ id }: Readonly<Record<string, unknown>>) => ({ __typename: 'Person', id, ...more }),
    people: ({ id }: Readonly<Record<string, unknown>>) => [1, 2].map(() => ({ __typename: 'Person', id, ...more })),
  });
  return world(
    {
      names: { sdl: person('name: String @category(name: "test.open")'), roots: roots({ name: 'N' }) },
      incomes: {
        sdl: person('income: Int @category(name: "test.income") tax: Int @category(name: "test.income")'),
        roots: roots({ income: 1, tax: null }),
      },
    },
    { gate: fakeGate((_question, category) => granted(category)) },
  );
}

const ONE = 'query($id: Iin!) { person(id: $id) { name income tax } }';

describe('execution: objects that one register leaves out and another fills', () => {
  it('report for each field why it is missing, if it is withheld', async () => {
    const { ask, calls } = country((category) => category !== 'test.income');
    const outcome = await ask(ONE, { id: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ person: { name: 'N', income: null, tax: null } });
    expect(errorsOf(outcome)).to.deep.equal(['person.income: CONSENT_REQUIRED', 'person.tax: CONSENT_REQUIRED']);
    expect(outcome.withheld.map(({ path }) => path.join('.'))).to.deep.equal(['person.income', 'person.tax']);
    expect(calls.map(({ register }) => register)).to.deep.equal(['names']);
  });

  it('report it if the register fails', async () => {
    const { ask, adapters } = country();
    adapters.get('incomes')!.intercept = async () => {
      throw new RegisterFailure('incomes', 'connection_cut');
    };
    const outcome = await ask(ONE, { id: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ person: { name: 'N', income: null, tax: null } });
    expect(errorsOf(outcome)).to.deep.equal([
      'person.income: DOWNSTREAM_SERVICE_ERROR',
      'person.tax: DOWNSTREAM_SERVICE_ERROR',
    ]);
  });

  it('report nothing where a register answered null', async () => {
    const outcome = await country().ask(ONE, { id: APPLICANT });
    expect(plain(outcome)).to.deep.include({ data: { person: { name: 'N', income: 1, tax: null } }, errors: [] });
  });

  it('report it once if no register fills them', async () => {
    const { ask, adapters } = country();
    for (const register of ['names', 'incomes']) {
      adapters.get(register)!.intercept = async () => {
        throw new RegisterFailure(register, 'connection_cut');
      };
    }
    const outcome = await ask(ONE, { id: SPOUSE });
    expect(plain(outcome.data)).to.deep.equal({ person: null });
    expect(errorsOf(outcome)).to.deep.equal(['person: DOWNSTREAM_SERVICE_ERROR']);
  });

  it('report it for each person in a list', async () => {
    const { ask, adapters } = country();
    adapters.get('incomes')!.intercept = async () => {
      throw new RegisterFailure('incomes', 'connection_cut');
    };
    const outcome = await ask('query($id: Iin!) { people(id: $id) { name income } }', { id: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({
      people: [
        { name: 'N', income: null },
        { name: 'N', income: null },
      ],
    });
    expect(errorsOf(outcome)).to.deep.equal([
      'people.0.income: DOWNSTREAM_SERVICE_ERROR',
      'people.1.income: DOWNSTREAM_SERVICE_ERROR',
    ]);
  });
});
