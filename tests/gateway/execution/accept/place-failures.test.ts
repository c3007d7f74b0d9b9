import { expect } from 'chai';
import { RegisterFailure, type GroupAnswer } from '../../../../adapters/port.js';
import { failureOfKind } from '../../../failure-of-kind.js';
import { country, withholding, HOUSING_QUEUE } from '../country.js';
import {
  APPLICANT,
  plain,
  SPOUSE,
  errorsOf,
  CHILD,
  fakeGate,
  UNKNOWN_NUMBER,
  SECOND_CHILD,
  type FakeGate,
  type SeenCall,
  type Ran,
} from '../harness.js';
import type { GateQuestion } from '../../../../schemas/ports/gate.js';
import { HiddenPositions } from '../../../../gateway/execution/accept/place-failures.js';

/** The answer with these parts set to null and reported as failed. */
function failing(
  answer: readonly GroupAnswer[],
  ...paths: readonly (readonly (string | number)[])[]
): readonly GroupAnswer[] {
  const [group, ...others] = structuredClone(answer) as GroupAnswer[];
  for (const path of paths) {
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], group!.records);
    (holder as Record<string | number, unknown>)[path.at(-1)!] = null;
  }
  return [{ ...group!, errors: paths.map((path) => ({ path, reason: 'graphql_errors' as const })) }, ...others];
}

describe('execution: fields that failed on their own', () => {
  it('are null at the client’s path, aliases restored, and the rest is kept', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async (_call, answer) => failing(answer(), [0, '_a_me', '_a_papers']);
    const outcome = await ask(
      'query Q($iin: Iin!) { me: citizen(iin: $iin) { lastName papers: documents { type } } }',
      { iin: APPLICANT },
    );
    expect(plain(outcome.data)).to.deep.equal({ me: { lastName: 'Applicant', papers: null } });
    expect(errorsOf(outcome)).to.deep.equal(['me.papers: DOWNSTREAM_SERVICE_ERROR']);
    expect(outcome.errors[0]?.extensions).to.include({ serviceName: 'population' });
  });

  it('are found within lists of an entity', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (_call, answer) =>
      failing(answer(), [0, 'lands', 1, 'area'], [0, 'lands', 0]);
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }', { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal([
      'citizen.lands.0: DOWNSTREAM_SERVICE_ERROR',
      'citizen.lands.1.area: DOWNSTREAM_SERVICE_ERROR',
    ]);
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lands: [null, { area: null }] } });
  });

  it('can be a whole entity', async () => {
    const { ask, adapters } = country();
    adapters.get('property')!.intercept = async (_call, answer) => failing(answer(), [1]);
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } spouse { lands { area } } } }',
      { iin: APPLICANT },
    );
    expect(errorsOf(outcome)).to.have.length(1);
    expect(errorsOf(outcome)[0]).to.match(/^citizen(\.spouse)?\.lands: DOWNSTREAM_SERVICE_ERROR$/);
  });

  it('are reported at the nearest position that exists if the register set more to null', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = failing(answer(), [0, 'citizen', 'documents']);
      return [{ ...group!, errors: [{ path: [0, 'citizen', 'documents', 0, 'type'], reason: 'deadline' }] }];
    };
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName documents { type } } }', {
      iin: APPLICANT,
    });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.documents: GATEWAY_TIMEOUT']);
  });

  it('never replace the fault of a withheld field', async () => {
    const { ask, adapters } = country({ unsplit: true, gate: withholding(['population.family', SPOUSE]) });
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = answer();
      return [{ ...group!, errors: [{ path: [0, 'citizen', 'spouse', 'lastName'], reason: 'graphql_errors' }] }];
    };
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName spouse { iin lastName } } }', {
      iin: APPLICANT,
    });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
  });
});

const FAMILY =
  'query Q($iin: Iin!) { citizen(iin: $iin) { lastName spouse { iin lastName lands { area } } children { iin lastName lands { area } } } }';

/** A gate that knows these people as protected, and grants everything else. */
const protecting = (...people: readonly string[]): FakeGate =>
  fakeGate(({ subject }) => (people.includes(subject.id) ? 'absent' : true));

/** The same, with this number asked about in the place of a protected person. */
function standingIn(decoy: string, ...people: readonly string[]): FakeGate {
  const gate = protecting(...people);
  const decide: FakeGate['decide'] = async (questions) =>
    (await gate.decide(questions)).map((one) => (one.absent ? { ...one, decoy } : one));
  return { ...gate, decide };
}

/** What the caller receives. */
const answer = (outcome: Ran): unknown => ({
  data: plain(outcome.data),
  errors: outcome.errors,
  withheld: outcome.withheld,
  records: outcome.records,
  registers: outcome.registers.map(({ register, calls, skippedCalls }) => [register, calls + skippedCalls]),
});

/** The answer that the gateway gives when the registers do not name these people. */
async function without(people: readonly string[], document: string): Promise<unknown> {
  const { ask, adapters } = country();
  adapters.get('population')!.intercept = async (_call, found) => {
    return JSON.parse(JSON.stringify(found()), (_key, value: unknown) =>
      Array.isArray(value) ? value.filter((one) => one !== null) : isOneOf(value, people) ? null : value,
    ) as ReturnType<typeof found>;
  };
  return answer(await ask(document, { iin: APPLICANT }));
}

const isOneOf = (value: unknown, people: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  people.includes(String((value as { iin?: unknown }).iin ?? (value as { _g_iin?: unknown })._g_iin));

/** Calls with a key or variable about this person. */
const about = (calls: readonly SeenCall[], iin: string): readonly SeenCall[] =>
  calls.filter((call) => JSON.stringify(call).includes(iin));

describe('execution: people who are protected', () => {
  it('are answered at the root like a number that no one has, and no register is called', async () => {
    const document = 'query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } } }';
    const { ask, calls } = country({ gate: protecting(APPLICANT) });
    const outcome = await ask(document, { iin: APPLICANT });
    expect(calls).to.have.length(0);
    expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    expect(answer(outcome)).to.deep.equal(answer(await country().ask(document, { iin: UNKNOWN_NUMBER })));
  });

  it('do not change the call about other people in the same fetch', async () => {
    const { ask, calls } = country({ gate: protecting(SPOUSE) });
    const outcome = await ask(
      'query Q($a: Iin!, $b: Iin!) { a: citizen(iin: $a) { lastName } b: citizen(iin: $b) { lastName } }',
      { a: APPLICANT, b: SPOUSE },
    );
    expect(plain(outcome.data)).to.deep.equal({ a: { lastName: 'Applicant' }, b: null });
    expect(outcome.errors).to.deep.equal([]);
    expect(calls).to.have.length(1);
    expect(about(calls, SPOUSE)).to.have.length(0);
  });

  it('are not recognised by what is withheld: it is the same as for other people', async () => {
    const document = 'query Q($iin: Iin!) { citizen(iin: $iin) { lastName documents { type } } }';
    const consent = (absent: boolean) => (_question: GateQuestion, category: string) =>
      category === 'population.documents' ? ('CONSENT_REQUIRED' as const) : absent ? ('absent' as const) : true;
    const hidden = country({ gate: fakeGate(consent(true)) });
    expect(answer(await hidden.ask(document, { iin: APPLICANT }))).to.deep.equal(
      answer(await country({ gate: fakeGate(consent(false)) }).ask(document, { iin: UNKNOWN_NUMBER })),
    );
    const refused = country({ gate: fakeGate(() => 'CONSENT_REQUIRED') });
    expect(errorsOf(await refused.ask(document, { iin: APPLICANT }))).to.deep.equal(['citizen: CONSENT_REQUIRED']);
  });

  it('do not hold up an atomic operation: only what is missing for other people does', async () => {
    const gate = fakeGate(({ subject }, category) =>
      subject.id === SPOUSE ? 'absent' : category === 'property.land' ? 'CONSENT_REQUIRED' : true,
    );
    const { ask, calls } = country({ gate });
    const outcome = await ask(FAMILY, { iin: APPLICANT }, { atomic: true });
    expect(outcome.withheld.map(({ path }) => path[1])).to.deep.equal(['children', 'children']);
    const open = country({ gate: protecting(SPOUSE) });
    expect(plain((await open.ask(FAMILY, { iin: APPLICANT }, { atomic: true })).data)).to.have.nested.property(
      'citizen.children[1].lands',
    );
    expect([...about(calls, SPOUSE), ...about(open.calls, SPOUSE)]).to.have.length(0);
  });

  for (const [who, people] of Object.entries({
    'the spouse': [SPOUSE],
    'one child': [CHILD],
    'all children': [CHILD, SECOND_CHILD],
    'the whole family': [SPOUSE, CHILD, SECOND_CHILD],
  })) {
    it(`are not there at the end of links: ${who}`, async () => {
      const { ask, calls } = country({ gate: protecting(...people) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(answer(outcome)).to.deep.equal(await without(people, FAMILY));
      for (const iin of people) expect(about(calls, iin)).to.have.length(0);
      expect(outcome.protectedSubjects).to.equal(people.length);
      expect(
        outcome.disclosures.flatMap(({ subjects }) => subjects.map((position) => outcome.subjects[position]?.id)),
      ).to.not.include.members([...people]);
    });
  }

  it('are not there at the end of links in a document that agencies use', async () => {
    const { ask, calls } = country({ gate: protecting(SPOUSE, CHILD) });
    const outcome = await ask(HOUSING_QUEUE, { iin: APPLICANT });
    expect(answer(outcome)).to.deep.equal(await without([SPOUSE, CHILD], HOUSING_QUEUE));
    expect([...about(calls, SPOUSE), ...about(calls, CHILD)]).to.have.length(0);
  });

  it('are not asked about as entities, and their fields are null without an error', async () => {
    const gate = fakeGate(({ subject, categories }) =>
      subject.id === APPLICANT && categories.some(({ category }) => category.startsWith('property.')) ? 'absent' : true,
    );
    const { ask, adapters } = country({ gate });
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } spouse { lands { area } } } }',
      { iin: APPLICANT },
    );
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { lands: null, spouse: { lands: [{ area: '6.00' }, { area: '6.00' }] } },
    });
    expect(outcome.errors).to.deep.equal([]);
    expect(about(adapters.get('property')!.calls, APPLICANT)).to.have.length(0);
  });

  it('have no failures in the answer, and the failures of other people keep their position', async () => {
    const { ask, adapters } = country({ unsplit: true, gate: protecting(SPOUSE, CHILD) });
    adapters.get('population')!.intercept = async (_call, found) => {
      const [group] = structuredClone(found());
      const [citizen] = group!.records.map(
        (record) => record!['citizen'] as { spouse: { lastName: unknown }; children: { lastName: unknown }[] },
      );
      for (const person of [citizen!.spouse, ...citizen!.children]) person.lastName = null;
      return [
        {
          ...group!,
          errors: [['spouse'], ['children', 0], ['children', 1]].map((path) => ({
            path: [0, 'citizen', ...path, 'lastName'],
            reason: 'graphql_errors' as const,
          })),
        },
      ];
    };
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { lastName spouse { iin lastName } children { iin lastName } } }',
      { iin: APPLICANT },
    );
    expect(errorsOf(outcome)).to.deep.equal(['citizen.children.0.lastName: DOWNSTREAM_SERVICE_ERROR']);
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { lastName: 'Applicant', spouse: null, children: [{ iin: SECOND_CHILD, lastName: null }] },
    });
  });

  it('are refused like other people if the link to them is refused', async () => {
    const gate = (others: 'absent' | true): FakeGate =>
      fakeGate(({ subject }, category) =>
        subject.id !== CHILD ? true : category === 'population.family' ? 'CONSENT_REQUIRED' : others,
      );
    const [hidden, open] = await Promise.all(
      (['absent', true] as const).map((others) => country({ gate: gate(others) }).ask(FAMILY, { iin: APPLICANT })),
    );
    expect(answer(hidden!)).to.deep.equal(answer(open!));
    expect(errorsOf(hidden!)).to.deep.equal(['citizen.children: CONSENT_REQUIRED']);
  });
});

describe('execution: people who are protected, with numbers that stand in for them', () => {
  const ROOTS = {
    'by a variable': 'query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { area } } }',
    'by two fields': 'query Q($iin: Iin!) { a: citizen(iin: $iin) { lastName } b: citizen(iin: $iin) { sex } }',
  };
  const asked = (calls: readonly SeenCall[]) => calls.map(({ register, groups }) => ({ register, groups }));
  const failures = ['failed', 'timeout', 'malformed', 'unavailable'] as const;

  for (const [how, document] of Object.entries(ROOTS)) {
    it(`are asked and answered about like a number that no one has, named ${how}`, async () => {
      const hidden = country({ gate: standingIn(UNKNOWN_NUMBER, APPLICANT) });
      const open = country();
      const [ran, other] = [
        await hidden.ask(document, { iin: APPLICANT }),
        await open.ask(document, { iin: UNKNOWN_NUMBER }),
      ];
      expect(answer(ran)).to.deep.equal(answer(other));
      expect(hidden.calls).to.have.length(1);
      expect(asked(hidden.calls)).to.deep.equal(asked(open.calls));
    });

    it(`share the failures of registers, named ${how}`, async () => {
      for (const failure of failures) {
        const worlds = [country({ gate: standingIn(UNKNOWN_NUMBER, APPLICANT) }), country()] as const;
        for (const { adapters } of worlds)
          adapters.get('population')!.intercept = () => Promise.reject(failureOfKind('population', failure));
        const [hidden, open] = [
          await worlds[0].ask(document, { iin: APPLICANT }),
          await worlds[1].ask(document, { iin: UNKNOWN_NUMBER }),
        ];
        expect(errorsOf(hidden), failure).to.have.length.above(0);
        expect(answer(hidden)).to.deep.equal(answer(open));
      }
    });

    it(`are not answered about with what a register says of the number, named ${how}`, async () => {
      const { ask, calls } = country({ gate: standingIn(SPOUSE, APPLICANT) });
      const ran = await ask(document, { iin: APPLICANT });
      expect(Object.values(plain(ran.data) as object).every((value) => value === null)).to.equal(true);
      expect(calls).to.have.length(1);
      expect(about(calls, APPLICANT)).to.have.length(0);
      expect(ran.errors).to.deep.equal([]);
    });
  }

  it('are in the record as themselves, as protected, and with nothing asked or disclosed', async () => {
    const { ask } = country({ gate: standingIn(UNKNOWN_NUMBER, APPLICANT) });
    const ran = await ask(ROOTS['by a variable'], { iin: APPLICANT });
    expect(ran.subjects.map(({ id }) => id)).to.deep.equal([APPLICANT]);
    expect([ran.protectedSubjects, ran.disclosures, ran.claims]).to.deep.equal([1, [], []]);
    expect(ran.registers.map(({ calls, skippedCalls }) => [calls, skippedCalls])).to.deep.equal([[1, 0]]);
  });

  it('have their place in a batch, where nothing is said of the number', async () => {
    const base = standingIn(SECOND_CHILD, APPLICANT);
    const gate: FakeGate = {
      ...base,
      decide: async (questions) => {
        const property = questions.some(({ categories }) =>
          categories.some(({ category }) => category.startsWith('property.')),
        );
        return property ? base.decide(questions) : fakeGate().decide(questions);
      },
    };
    const document = 'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } spouse { lands { area } } } }';
    const hidden = country({ gate });
    const ran = await hidden.ask(document, { iin: APPLICANT });
    expect(plain(ran.data)).to.have.nested.property('citizen.lands', null);
    expect(plain(ran.data)).to.have.nested.property('citizen.spouse.lands').that.has.length(2);
    expect(ran.errors).to.deep.equal([]);
    const keys = (calls: readonly SeenCall[]) =>
      calls
        .filter(({ register }) => register === 'property')
        .flatMap(({ groups }) => groups.map((group) => group.keys));
    const [all = []] = keys(hidden.calls);
    expect(all.map((key) => (key as { iin: string }).iin)).to.have.members([SECOND_CHILD, SPOUSE]);
    const open = country();
    await open.ask(document, { iin: APPLICANT });
    expect(keys(open.calls).map((one) => one?.length)).to.deep.equal([2]);
    hidden.adapters.get('property')!.intercept = () => Promise.reject(new RegisterFailure('property', 'deadline'));
    expect(errorsOf(await hidden.ask(document, { iin: APPLICANT }))).to.have.members([
      'citizen.lands: GATEWAY_TIMEOUT',
      'citizen.spouse.lands: GATEWAY_TIMEOUT',
    ]);
  });
});

describe('hidden positions', () => {
  it('give the position in the answer of an item of a register’s list', () => {
    const hiddenPositions = new HiddenPositions();
    const list: unknown[] = [];
    hiddenPositions.leaveOut(list, 0);
    hiddenPositions.leaveOut(list, 2);
    expect([0, 1, 2, 3].map((position) => hiddenPositions.positionOf(list, position))).to.deep.equal([
      undefined,
      0,
      undefined,
      1,
    ]);
    expect(hiddenPositions.positionOf([], 3)).to.equal(3);
  });

  it('know hidden values by object and key', () => {
    const hiddenPositions = new HiddenPositions();
    const holder = {};
    hiddenPositions.hide(holder, 'spouse');
    expect([
      hiddenPositions.isHidden(holder, 'spouse'),
      hiddenPositions.isHidden(holder, 'mother'),
      hiddenPositions.isHidden({}, 'spouse'),
      hiddenPositions.isHidden(holder, 0),
    ]).to.deep.equal([true, false, false, false]);
  });
});
