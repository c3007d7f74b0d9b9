import { expect } from 'chai';
import { RegisterFailure } from '../../../adapters/port.js';
import { APPLICANT, UNKNOWN_NUMBER, plain, errorsOf, world, type World } from './harness.js';

/** Scores of all people, from a register that does not know their types; another register knows them. */
function parties(): World {
  return world({
    people: {
      sdl: `scalar Iin
        interface Party @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "test.open") }
        type Person implements Party @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "test.open") income: Int @category(name: "test.income") }
        type Company implements Party @key(fields: "iin") @subject(field: "iin") { iin: Iin! @category(name: "test.open") seat: String @category(name: "test.seat") }`,
      entity: ({ iin }) => (iin === UNKNOWN_NUMBER ? null : { __typename: 'Person', iin, income: 70 }),
    },
    scores: {
      sdl: `scalar Iin
        type Query { party(iin: Iin! @subjectArgument): Party @category(name: "test.open") }
        type Party @key(fields: "iin") @subject(field: "iin") @interfaceObject { iin: Iin! @category(name: "test.open") score: Int @category(name: "test.open") }`,
      roots: { party: ({ iin }) => ({ __typename: 'Party', iin, score: 7 }) },
      entity: ({ iin }) => ({ __typename: 'Party', iin, score: 7 }),
    },
  });
}

const ask = (body: string): string => `query Q($iin: Iin!) { party(iin: $iin) { ${body} } }`;

describe('execution: interface objects', () => {
  it('become what the register that knows says', async () => {
    const outcome = await parties().ask(ask('__typename score ... on Person { income } ... on Company { seat }'), {
      iin: APPLICANT,
    });
    expect(plain(outcome)).to.deep.include({
      data: { party: { __typename: 'Person', score: 7, income: 70 } },
      errors: [],
    });
  });

  it('need no type where none is asked for', async () => {
    const { ask: send, calls } = parties();
    expect(plain((await send(ask('score ... on Party { iin }'), { iin: APPLICANT })).data)).to.deep.equal({
      party: { score: 7, iin: APPLICANT },
    });
    expect(calls.map(({ register }) => register)).to.deep.equal(['scores']);
  });

  it('have the fields of the interface below every type that asks for them', async () => {
    const outcome = await parties().ask(ask('... on Person { score income } ... on Company { score seat }'), {
      iin: APPLICANT,
    });
    expect(plain(outcome)).to.deep.include({ data: { party: { score: 7, income: 70 } }, errors: [] });
  });

  for (const body of ['__typename', '... on Person { income }', '... on Party { ... on Company { seat } }']) {
    it(`are no answer where the register that knows fails: ${body}`, async () => {
      const { ask: send, adapters } = parties();
      adapters.get('people')!.intercept = async () => {
        throw new RegisterFailure('people', 'deadline');
      };
      const outcome = await send(ask(`score ${body}`), { iin: APPLICANT });
      expect(plain(outcome.data)).to.deep.equal({ party: null });
      expect(errorsOf(outcome)).to.deep.equal(['party: GATEWAY_TIMEOUT']);
    });
  }

  it('are no answer where the register that should know does not', async () => {
    const outcome = await parties().ask(ask('score ... on Person { income }'), { iin: UNKNOWN_NUMBER });
    expect(plain(outcome.data)).to.deep.equal({ party: null });
    expect(errorsOf(outcome)).to.deep.equal(['party: REGISTER_MALFORMED_RESPONSE']);
  });

  it('report a failure in their own type at its position', async () => {
    const { ask: send, adapters } = parties();
    adapters.get('people')!.intercept = async (_call, answer) =>
      answer().map(({ records }) => ({
        records: [{ ...records[0], income: null }],
        errors: [{ path: [0, 'income'], reason: 'graphql_errors' }],
      }));
    const outcome = await send(ask('score ... on Person { income }'), { iin: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ party: { score: 7, income: null } });
    expect(errorsOf(outcome)).to.deep.equal(['party.income: DOWNSTREAM_SERVICE_ERROR']);
  });
});
