import { expect } from 'chai';
import { fakeGate, APPLICANT, plain, world } from '../harness.js';

/** What registers are asked, seen at the registers: merged, cut and guarded selections. */
describe('selections', () => {
  const SDL = `
    scalar Iin
    type Query { person(iin: Iin! @subjectArgument): Person @category(name: "test.id") }
    type Person @key(fields: "iin") @subject(field: "iin") {
      iin: Iin! @category(name: "test.id")
      name(style: String): String @category(name: "test.name")
      home: Home @category(name: "test.home")
      boss: Person @subject(field: "iin", role: "boss") @category(name: "test.work")
      bossIin: Iin @subject(field: "bossIin", role: "boss") @category(name: "test.work")
      mates: [Iin] @listSize(assumedSize: 100) @subject(field: "mates", role: "mate") @category(name: "test.work")
    }
    type Home @category(name: "test.home") { city: String rooms: Int @category(name: "test.rooms") }
  `;
  const BOSS = '820202490010';
  const person = (iin: unknown) => ({
    __typename: 'Person',
    iin,
    name: ({ style }: Readonly<Record<string, unknown>>) => `N${String(style ?? '')}`,
    home: { __typename: 'Home', city: 'C', rooms: 3 },
    boss: { __typename: 'Person', iin: BOSS },
    bossIin: BOSS,
    mates: [BOSS, '150303590015'],
  });
  const small = (gate = fakeGate()) =>
    world(
      { people: { sdl: SDL, roots: { person: ({ iin }) => person(iin) }, entity: ({ iin }) => person(iin) } },
      { gate },
    );
  const ASK = (fields: string): string =>
    `query Q($iin: Iin!${fields.includes('$s') ? ', $s: String' : ''}) { person(iin: $iin) { ${fields} } }`;

  it('merge what is written twice, and keep arguments apart', async () => {
    const { ask, calls } = small();
    const outcome = await ask(ASK('home { city } home { city rooms } a: name(style: "x") b: name(style: $s) name'), {
      iin: APPLICANT,
      s: 'y',
    });
    expect(calls[0]?.groups[0]?.fields).to.deep.equal([
      'person.home.city',
      'person.home.rooms',
      'person._a_a',
      'person._a_b',
      'person.name',
      'person._g_iin',
    ]);
    expect(plain(outcome.data)).to.deep.equal({
      person: { home: { city: 'C', rooms: 3 }, a: 'Nx', b: 'Ny', name: 'N' },
    });
  });

  it('send only the variables that are still used', async () => {
    const { ask, calls } = small(fakeGate((_question, category) => category !== 'test.name'));
    await ask(ASK('home { city } name(style: $s)'), { iin: APPLICANT, s: 'y' });
    expect(plain(calls[0]?.groups[0]?.variables)).to.deep.equal({ iin: APPLICANT });
    expect(calls[0]?.groups[0]?.operation).to.not.contain('$s');
  });

  it('cut below an object that stays', async () => {
    const { ask, calls } = small(fakeGate((_question, category) => category !== 'test.rooms'));
    const outcome = await ask(ASK('home { city rooms }'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields).to.deep.equal(['person.home.city', 'person._g_iin']);
    expect(outcome.withheld).to.deep.equal([
      {
        path: ['person', 'home', 'rooms'],
        category: 'test.rooms',
        code: 'CONSENT_REQUIRED',
        consentRequest: 'sealed:12:test.rooms',
      },
    ]);
  });

  it('decide on a person that a plain number names, alone or in a list', async () => {
    const open = small();
    expect(plain((await open.ask(ASK('bossIin mates'), { iin: APPLICANT })).data)).to.deep.equal({
      person: { bossIin: BOSS, mates: [BOSS, '150303590015'] },
    });
    const closed = small(fakeGate(({ subject }) => subject.role !== 'mate' || subject.id !== BOSS));
    expect(plain((await closed.ask(ASK('bossIin mates'), { iin: APPLICANT })).data)).to.deep.equal({
      person: { bossIin: BOSS, mates: null },
    });
    expect(
      closed.gate.batches[1]?.map(({ subject }) => `${subject.role} ${subject.id} ${subject.via?.id ?? ''}`),
    ).to.include(`boss ${BOSS} ${APPLICANT}`);
  });

  it('refuse a document with a field that no one has classified', async () => {
    const { catalogue, ...rest } = small();
    const planned = await rest.plan(ASK('name'));
    const broken = world(
      {
        people: {
          sdl: SDL.replaceAll('@category(name: "test.name")', ''),
          roots: { person: ({ iin }) => person(iin) },
        },
      },
      { unlinted: true },
    );
    expect(catalogue.governance.categories.has('test.name')).to.equal(true);
    const failure = await broken.run(planned, { variables: { iin: APPLICANT } }).catch((error: unknown) => error);
    expect(failure).to.have.property('message').that.contains('Person.name has no category');
    expect(broken.calls).to.have.length(0);
  });
});
