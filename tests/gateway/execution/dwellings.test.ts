import { expect } from 'chai';
import {
  APPLICANT,
  CHILD,
  errorsOf,
  fakeGate,
  plain,
  world,
  type Ran,
  type Thing,
  type World,
  type WorldOptions,
} from './harness.js';

const PEOPLE = `
  scalar Iin
  type Query { person(iin: Iin! @subjectArgument): Person @category(name: "people.id") }
  type Person @key(fields: "iin") @subject(field: "iin") @category(name: "people.id") {
    iin: Iin!
    children: [Person!] @listSize(assumedSize: 9) @subject(field: "iin", role: "child") @category(name: "people.family")
  }
`;

/** Registrations with a code of their own, and rights to dwellings that another register describes. */
const HOMES = `
  scalar Iin
  type Person @key(fields: "iin") @subject(field: "iin") @category(name: "people.id") {
    iin: Iin!
    registration: Registration @category(name: "homes.current")
    former: [Registration] @listSize(assumedSize: 9) @category(name: "homes.history")
    grid: [[Registration]] @listSize(assumedSize: 9) @category(name: "homes.history")
    flat: Flat @category(name: "homes.flat")
    place: Place @category(name: "homes.current")
    any: Any @category(name: "homes.current")
  }
  interface Place @category(name: "homes.current") { street: String }
  union Any = Hostel | Registration
  type Registration implements Place @dwelling(field: "code") @category(name: "homes.current") {
    code: ID @category(name: "homes.code")
    street: String
    region: String @category(name: "homes.region")
    household: [Person!] @listSize(assumedSize: 9) @subject(field: "iin", role: "household") @category(name: "homes.others")
  }
  type Hostel implements Place @category(name: "homes.current") { street: String beds: Int }
  type Flat @key(fields: "id") @dwelling(field: "code") @category(name: "homes.flat") { id: ID! code: String }
`;

const FLATS = `
  type Flat @key(fields: "id") @dwelling(field: "code") @category(name: "homes.flat") {
    id: ID!
    code: String @shareable
    rooms: Int
  }
`;

const registration = (code: unknown, more: Readonly<Record<string, unknown>> = {}): Thing => ({
  __typename: 'Registration',
  code,
  street: `street of ${String(code)}`,
  region: 'R',
  household: [{ __typename: 'Person', iin: CHILD }],
  ...more,
});

type Holding = Readonly<Record<string, unknown>>;

/** Registers in which everyone has this. `homes`: dwellings of protected people. */
function registers(holding: Holding, homes: readonly string[], options: WorldOptions = {}): World {
  const gate = options.gate ?? fakeGate(undefined, undefined, homes);
  return world(
    {
      people: {
        sdl: PEOPLE,
        roots: {
          person: ({ iin }) => ({ __typename: 'Person', iin, children: [{ __typename: 'Person', iin: CHILD }] }),
        },
        entity: ({ iin }) => ({ __typename: 'Person', iin }),
      },
      homes: {
        sdl: HOMES.replace('code: String }', 'code: String @shareable }'),
        entity: ({ iin }) => ({ __typename: 'Person', iin, ...holding }),
      },
      flats: { sdl: FLATS, entity: ({ id }) => ({ __typename: 'Flat', id, code: `flat ${String(id)}`, rooms: 3 }) },
    },
    { ...options, gate },
  );
}

const ask = (fields: string, { ask: run }: World): Promise<Ran> =>
  run(`query Q($iin: Iin!) { person(iin: $iin) { ${fields} } }`, { iin: APPLICANT });

/** What the person's record says, and the errors. */
const told = (outcome: Ran): unknown => [
  (plain(outcome.data) as { person: unknown }).person,
  errorsOf(outcome),
  outcome.withheld,
];

const ALL = 'registration { code street region household { iin } }';

for (const unsplit of [false, true]) {
  describe(`execution: homes of protected people, links ${unsplit ? 'within one fetch' : 'cut by the plan'}`, () => {
    const answered = async (fields: string, holding: Holding, homes: readonly string[]): Promise<unknown> =>
      told(await ask(fields, registers(holding, homes, { unsplit })));

    it('are absent: the answer is that of a person without a registered dwelling', async () => {
      const absent = await answered(ALL, { registration: null }, []);
      expect(absent).to.deep.equal([{ registration: null }, [], []]);
      expect(await answered(ALL, { registration: registration('D-1') }, ['D-1'])).to.deep.equal(absent);
    });

    it('are absent if the code is asked for and if it is not', async () => {
      for (const part of [
        '__typename',
        'region',
        'code',
        'code region',
        'household { iin }',
        'a: code',
        'code: street',
      ])
        expect(
          await answered(`registration { ${part} }`, { registration: registration('D-1') }, ['D-1']),
          part,
        ).to.deep.equal([{ registration: null }, [], []]);
    });

    it('are left out of lists, in lists of lists too, without a gap', async () => {
      const former = ['D-1', 'D-2', 'D-1', 'D-3'].map((code) => registration(code));
      expect(await answered('former { street }', { former }, ['D-1'])).to.deep.equal(
        await answered('former { street }', { former: [former[1], former[3]] }, []),
      );
      const grid = [[former[0]], [former[1], former[0], former[3]], null];
      expect(await answered('grid { street }', { grid }, ['D-1'])).to.deep.equal(
        await answered('grid { street }', { grid: [[], [former[1], former[3]], null] }, []),
      );
    });

    it('hide no other dwelling', async () => {
      const [record] = (await answered(ALL, { registration: registration('D-1') }, ['D-10', 'd-1'])) as [unknown];
      expect(record).to.deep.equal({
        registration: { code: 'D-1', street: 'street of D-1', region: 'R', household: [{ iin: CHILD }] },
      });
    });

    it('are absent behind an interface and a union, and the other types there are not', async () => {
      for (const field of ['place { street }', 'place { __typename }', 'any { __typename ... on Hostel { beds } }']) {
        const name = field.split(' ')[0] ?? '';
        const hidden = await answered(field, { [name]: registration('D-1') }, ['D-1']);
        expect(hidden, field).to.deep.equal([{ [name]: null }, [], []]);
        const [open] = (await answered(field, { [name]: registration('D-2') }, ['D-1'])) as [Holding];
        expect(open[name], field).to.be.an('object');
        const [hostel] = (await answered(field, { [name]: { __typename: 'Hostel', street: 'S', beds: 1 } }, [
          'D-1',
        ])) as [Holding];
        expect(hostel[name], field).to.be.an('object');
      }
    });
  });
}

describe('execution: dwellings and the gate', () => {
  it('are asked about in the call about the people of the same answer, with the person whose record tells them', async () => {
    const working = registers({ registration: registration('D-1'), former: [registration('D-2')] }, [], {
      unsplit: true,
    });
    await ask('registration { household { iin } } former { region }', working);
    const asked = working.gate.batches.filter((batch) => batch.some(({ dwellings }) => dwellings !== undefined));
    expect(asked).to.have.length(1);
    expect(asked[0]?.map(({ subject, dwellings }) => [subject.role, subject.id, dwellings])).to.deep.equal([
      ['self', APPLICANT, ['D-1', 'D-2']],
      ['household', CHILD, undefined],
    ]);
  });

  it('cost the same question to the gate if there is none, or no record, as if there is a hidden one', async () => {
    const asked = async (holding: Holding | undefined, homes: readonly string[]): Promise<unknown> => {
      const working = registers(holding ?? {}, homes);
      if (holding === undefined)
        working.adapters.get('homes')!.intercept = async (call) =>
          call.groups.map(({ keys = [] }) => ({ records: keys.map(() => null), errors: [] }));
      const outcome = await ask('registration { region }', working);
      expect(outcome.hiddenDwellings).to.equal(homes.length);
      return working.gate.batches.map((batch) =>
        batch.map(({ subject, categories, dwellings = [] }) => [subject.id, categories, dwellings.length]),
      );
    };
    const hidden = await asked({ registration: registration('D-1') }, ['D-1']);
    expect(await asked({ registration: null }, [])).to.deep.equal(hidden);
    expect(await asked(undefined, [])).to.deep.equal(hidden);
  });

  it('ask of the register the code that the client did not ask for, and release it only where the client did', async () => {
    const working = registers({ registration: registration('D-1') }, []);
    const outcome = await ask('registration { region }', working);
    expect(working.adapters.get('homes')?.calls[0]?.groups[0]?.fields).to.include('registration._g_code');
    expect(told(outcome)).to.deep.equal([{ registration: { region: 'R' } }, [], []]);
  });

  it('read the code also where it is denied, and do not release it', async () => {
    const gate = fakeGate((_question, category) => category !== 'homes.code', undefined, ['D-1']);
    const fields = 'registration { region code }';
    const hidden = await ask(fields, registers({ registration: registration('D-1') }, [], { gate }));
    expect(told(hidden)).to.deep.equal(told(await ask(fields, registers({ registration: null }, [], { gate }))));
    const open = await ask(fields, registers({ registration: registration('D-2') }, [], { gate }));
    expect(plain(open.data)).to.deep.equal({ person: { registration: { region: 'R', code: null } } });
    expect(errorsOf(open)).to.deep.equal(['person.registration.code: CONSENT_REQUIRED']);
  });

  it('are not shown if the gate says nothing about them', async () => {
    const working = fakeGate();
    const silent = {
      ...working,
      decide: async (questions: Parameters<typeof working.decide>[0]) =>
        (await working.decide(questions)).map(({ granted, withheld }) => ({ granted, withheld })),
    };
    const outcome = await ask(ALL, registers({ registration: registration('D-1') }, [], { gate: silent }));
    expect(told(outcome)).to.deep.equal([{ registration: null }, [], []]);
  });

  it('release nothing if the gate fails', async () => {
    const working = fakeGate();
    const failing = {
      ...working,
      decide: (questions: Parameters<typeof working.decide>[0]) =>
        questions.some(({ dwellings }) => dwellings !== undefined)
          ? Promise.reject(new Error('the list is gone'))
          : working.decide(questions),
    };
    const outcome = await ask(ALL, registers({ registration: registration('D-1') }, [], { gate: failing })).catch(
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(Error).that.has.property('message', 'the list is gone');
  });

  it('of an object without a code are malformed: no one can say whose home it is', async () => {
    for (const code of [null, '', 1.5, {}, ['D-1']]) {
      const outcome = await ask('registration { region }', registers({ registration: registration(code) }, []));
      expect(plain(outcome.data), String(code)).to.deep.equal({ person: { registration: null } });
      expect(errorsOf(outcome), String(code)).to.deep.equal(['person.registration: REGISTER_MALFORMED_RESPONSE']);
    }
  });

  it('with a code that is a whole number are compared by its text', async () => {
    const outcome = await ask('registration { region }', registers({ registration: registration(77) }, ['77']));
    expect(told(outcome)).to.deep.equal([{ registration: null }, [], []]);
  });

  it('report no wrong value below a hidden dwelling', async () => {
    const wrong = { street: 12, region: { a: 1 }, household: 'no one' };
    for (const fields of [ALL, 'registration { street }', 'registration { region household { iin } }']) {
      const hidden = await ask(fields, registers({ registration: registration('D-1', wrong) }, ['D-1']));
      expect([told(hidden), hidden.records], fields).to.deep.equal([[{ registration: null }, [], []], []]);
    }
    const open = await ask('registration { street }', registers({ registration: registration('D-2', wrong) }, ['D-1']));
    expect(errorsOf(open)).to.deep.equal(['person.registration.street: REGISTER_MALFORMED_RESPONSE']);
  });

  it('lead to no one, count no one as told, and are counted for officers once each', async () => {
    const holding = { registration: registration('D-1'), former: [registration('D-1'), registration('D-2')] };
    const hidden = registers(holding, ['D-1']);
    const outcome = await ask('registration { household { iin } } former { region }', hidden);
    expect(outcome.hiddenDwellings).to.equal(1);
    expect(hidden.gate.told).to.deep.equal([]);
    expect((await ask('former { region }', registers(holding, []))).hiddenDwellings).to.equal(0);
  });

  it('are hidden in the records of people beyond links, and of children like of adults', async () => {
    const fields = `children { iin ${ALL} }`;
    const children = async (holding: Holding, homes: readonly string[]): Promise<unknown> =>
      told(await ask(fields, registers(holding, homes)));
    expect(await children({ registration: registration('D-1') }, ['D-1'])).to.deep.equal(
      await children({ registration: null }, []),
    );
  });

  it('report no failure below a hidden dwelling', async () => {
    const failing = registers({ registration: registration('D-1') }, ['D-1']);
    failing.adapters.get('homes')!.intercept = async (_call, answer) =>
      answer().map((group) => ({
        ...group,
        errors: [{ path: [0, 'registration', 'street'], reason: 'graphql_errors' as const }],
      }));
    expect(told(await ask('registration { street region }', failing))).to.deep.equal([{ registration: null }, [], []]);
  });
});

describe('execution: what goes wrong in a list with a hidden dwelling', () => {
  const former = ['D-1', 'D-2', ''].map((code) => registration(code));

  it('is reported at its place in the answer, and not where the register had it', async () => {
    const outcome = await ask('former { region }', registers({ former }, ['D-1']));
    expect(plain(outcome.data)).to.deep.equal({ person: { former: [{ region: 'R' }, null] } });
    expect(errorsOf(outcome)).to.deep.equal(['person.former.1: REGISTER_MALFORMED_RESPONSE']);
  });

  it('is reported so of a failure of the register, and not at all of the hidden dwelling', async () => {
    const failed = ['D-1', 'D-2'].map((code) => registration(code, { region: null }));
    const failing = registers({ former: failed }, ['D-1']);
    failing.adapters.get('homes')!.intercept = async (_call, answer) =>
      answer().map((group) => ({
        ...group,
        errors: [0, 1].map((position) => ({
          path: [0, 'former', position, 'region'],
          reason: 'graphql_errors' as const,
        })),
      }));
    const outcome = await ask('former { region }', failing);
    expect(errorsOf(outcome)).to.deep.equal(['person.former.0.region: DOWNSTREAM_SERVICE_ERROR']);
  });
});

describe('execution: calls about a dwelling', () => {
  const flat = (id: string): Thing => ({ __typename: 'Flat', id, code: `flat ${id}` });

  it('are made of one that may be shown', async () => {
    const working = registers({ flat: flat('7') }, []);
    expect(told(await ask('flat { rooms }', working))).to.deep.equal([{ flat: { rooms: 3 } }, [], []]);
    expect(working.adapters.get('flats')?.calls).to.have.length(1);
  });

  it('are not made of a hidden one', async () => {
    const working = registers({ flat: flat('7') }, ['flat 7']);
    expect(told(await ask('flat { id rooms }', working))).to.deep.equal([{ flat: null }, [], []]);
    expect(working.adapters.get('flats')?.calls).to.deep.equal([]);
  });

  it('add nothing if the other register knows the dwelling as the home of a protected person', async () => {
    const working = registers({ flat: { ...flat('7'), code: 'of another register' } }, ['flat 7']);
    working.adapters.get('flats')!.intercept = async (_call, answer) =>
      answer().map((group) => ({ ...group, errors: [{ path: [0, 'rooms'], reason: 'graphql_errors' as const }] }));
    expect(told(await ask('flat { id rooms }', working))).to.deep.equal([{ flat: { id: '7', rooms: null } }, [], []]);
  });

  it('are those about a person without a registered dwelling', async () => {
    const calls = async (holding: Holding, homes: readonly string[]): Promise<unknown> => {
      const working = registers(holding, homes);
      await ask(`flat { rooms } ${ALL}`, working);
      return working.calls.map(({ register, groups }) => [register, groups.map(({ keys }) => keys)]);
    };
    expect(await calls({ flat: flat('7'), registration: registration('D-1') }, ['flat 7', 'D-1'])).to.deep.equal(
      await calls({ flat: null, registration: null }, []),
    );
  });
});
