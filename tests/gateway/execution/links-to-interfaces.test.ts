import { expect } from 'chai';
import { APPLICANT, askedOf, CHILD, fakeGate, plain, SPOUSE, errorsOf, world, type World } from './harness.js';

const party = '@key(fields: "iin") @subject(field: "iin")';
const iin = 'iin: Iin! @category(name: "test.open")';
const friends = (name: string): string =>
  `${name}: [Party] @subject(field: "iin", role: "friend") @listSize(assumedSize: 10) @category(name: "test.open")`;

/** A person who knows another and a company. */
function circle(granted: (subject: string, category: string) => boolean = () => true): World {
  return world(
    {
      people: {
        sdl: `scalar Iin
          interface Party ${party} { ${iin} }
          type Person implements Party ${party} { ${iin} income: Int @category(name: "test.income") ${friends('friends')} }
          type Company implements Party ${party} { ${iin} seat: String @category(name: "test.seat") }
          type Query { person(iin: Iin! @subjectArgument): Person @category(name: "test.open") }`,
        roots: {
          person: (args) => ({
            __typename: 'Person',
            iin: args['iin'],
            income: 1,
            friends: [
              { __typename: 'Person', iin: SPOUSE },
              { __typename: 'Company', iin: CHILD },
            ],
          }),
        },
        entity: (key) => ({ __typename: key['__typename'] as string, iin: key['iin'], income: 2, seat: 'S' }),
      },
    },
    { gate: fakeGate(({ subject }, category) => granted(subject.id, category)) },
  );
}

const ask = (body: string): string => `query Q($iin: Iin!) { person(iin: $iin) { iin friends { ${body} } } }`;
const friendsIn = ({ data }: { readonly data: unknown }): unknown =>
  (plain(data) as { person: { friends: unknown } }).person.friends;

describe('execution: links to interfaces', () => {
  it('lead to people of which only the type is asked', async () => {
    const outcome = await circle().ask(ask('__typename'), { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal([]);
    expect(friendsIn(outcome)).to.deep.equal([{ __typename: 'Person' }, { __typename: 'Company' }]);
  });

  it('lead to people of whose type nothing is asked, and no register is asked about them', async () => {
    const { ask: send, calls } = circle();
    const outcome = await send(ask('... on Person { income }'), { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal([]);
    expect(friendsIn(outcome)).to.deep.equal([{ income: 2 }, {}]);
    expect(askedOf(calls, 'people').flat()).to.deep.equal([SPOUSE]);
  });

  it('decide on everyone by what is asked of their own type', async () => {
    const { ask: send } = circle((subject, category) => subject !== CHILD || category !== 'test.seat');
    const outcome = await send(ask('iin ... on Person { income } ... on Company { seat }'), { iin: APPLICANT });
    expect(friendsIn(outcome)).to.deep.equal([
      { iin: SPOUSE, income: 2 },
      { iin: CHILD, seat: null },
    ]);
    expect(errorsOf(outcome)).to.deep.equal(['person.friends.1.seat: CONSENT_REQUIRED']);
  });

  it('stay closed when one of the people that they lead to may not be known', async () => {
    const { ask: send } = circle((subject, category) => subject !== CHILD || category !== 'test.open');
    const outcome = await send(ask('__typename'), { iin: APPLICANT });
    expect(friendsIn(outcome)).to.equal(null);
    expect(errorsOf(outcome)).to.deep.equal(['person.friends: CONSENT_REQUIRED']);
  });
});
