import { expect } from 'chai';
import type { DataObject } from '../../../../gateway/execution/data/data-object.js';
import { UNGOVERNED_DECISION, type Decision } from '../../../../gateway/execution/gate/decision.js';
import { gateLinks } from '../../../../gateway/execution/gate/gate-links.js';
import { GrantedFieldsCompiler } from '../../../../gateway/execution/gate/granted-fields.js';
import { Subjects } from '../../../../gateway/execution/gate/subjects.js';
import type { ReadField } from '../../../../gateway/execution/reads/read-field.js';
import { country, withholding } from '../country.js';
import {
  APPLICANT,
  CHILD,
  fakeGate,
  NO_CONTRACTS,
  plain,
  SECOND_CHILD,
  SPOUSE,
  errorsOf,
  type FakeGate,
} from '../harness.js';
import { field, selection } from '../small-reads.js';
import { SMALL } from '../small-types.js';
import { AccessRecord } from '../../../../gateway/access/access-record.js';

const FAMILY =
  'query Q($iin: Iin!) { citizen(iin: $iin) { lastName spouse { iin lastName } children { iin lastName } } }';

for (const unsplit of [false, true]) {
  describe(`execution: links to other persons, ${unsplit ? 'followed within one fetch' : 'cut by the plan'}`, () => {
    it('asks the gate about the people reached, with role and origin, after the call', async () => {
      const { ask, gate } = country({ unsplit });
      await ask(FAMILY, { iin: APPLICANT });
      expect(gate.batches[0]?.map(({ subject }) => subject.id)).to.deep.equal([APPLICANT]);
      expect(gate.batches[1]?.map(({ subject }) => `${subject.role} ${subject.id} ${subject.via?.id}`)).to.deep.equal([
        `spouse ${SPOUSE} ${APPLICANT}`,
        `child ${CHILD} ${APPLICANT}`,
        `child ${SECOND_CHILD} ${APPLICANT}`,
      ]);
    });

    it('does not follow a link that is not granted of the person it leads from', async () => {
      const { ask, calls, gate } = country({ unsplit, gate: withholding(['population.family', APPLICANT]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(calls).to.have.length(1);
      expect(calls[0]?.groups[0]?.fields).to.not.include.members(['citizen.spouse.iin', 'citizen.children.iin']);
      expect(gate.batches).to.have.length(1);
      expect(errorsOf(outcome)).to.deep.equal([
        'citizen.spouse: CONSENT_REQUIRED',
        'citizen.children: CONSENT_REQUIRED',
      ]);
    });

    it('closes a link that is not granted of the person it leads to', async () => {
      const { ask } = country({ unsplit, gate: withholding(['population.family', SPOUSE]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data)).to.have.nested.property('citizen.spouse', null);
      expect(plain(outcome.data)).to.have.nested.property('citizen.children[0].lastName', 'Child');
      expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
    });

    it('closes a list as a whole when one person of it is refused, without showing its length', async () => {
      const { ask, adapters } = country({ unsplit, gate: withholding(['population.family', SECOND_CHILD]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data)).to.have.nested.property('citizen.children', null);
      expect(outcome.errors.filter(({ path }) => path?.includes('children')).map(({ path }) => path)).to.deep.equal([
        ['citizen', 'children'],
      ]);
      expect(JSON.stringify(outcome.errors)).to.not.contain(CHILD);
      expect(adapters.get('property')!.calls).to.have.length(0);
    });

    it('keeps only what is granted about the person beyond the link', async () => {
      const { ask } = country({ unsplit, gate: withholding(['population.identity', SPOUSE]) });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data))
        .to.have.nested.property('citizen.spouse')
        .that.deep.equals({ iin: SPOUSE, lastName: null });
      expect(plain(outcome.data)).to.have.nested.property('citizen.lastName', 'Applicant');
      expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse.lastName: CONSENT_REQUIRED']);
    });

    it('closes a link beyond which nothing is granted', async () => {
      const { ask } = country({
        unsplit,
        gate: withholding(['population.identity', SPOUSE], ['population.identifier', SPOUSE]),
      });
      const outcome = await ask(FAMILY, { iin: APPLICANT });
      expect(plain(outcome.data)).to.have.nested.property('citizen.spouse', null);
      expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse: CONSENT_REQUIRED']);
    });

    it('rejects, and releases nothing, when the gate fails after the call', async () => {
      let batches = 0;
      const working = fakeGate();
      const gate = {
        ...working,
        decide: (questions: Parameters<typeof working.decide>[0]) =>
          (batches += 1) > 1 ? Promise.reject(new Error('gone')) : working.decide(questions),
      };
      const { ask, calls } = country({ unsplit, gate });
      expect(await ask(FAMILY, { iin: APPLICANT }).catch((error: unknown) => error)).to.be.instanceOf(Error);
      expect(calls).to.have.length(1);
    });

    it('follows links of links, each from the person before', async () => {
      const { ask, gate } = country({ unsplit });
      await ask('query Q($iin: Iin!) { citizen(iin: $iin) { registration { region household { iin } } } }', {
        iin: APPLICANT,
      });
      const reached = gate.batches.flat().filter(({ subject }) => subject.role === 'household');
      expect(reached.map(({ subject }) => subject.via?.id)).to.deep.equal([APPLICANT, APPLICANT, APPLICANT]);
    });
  });
}

describe('execution: links whose target has no number', () => {
  it('stay closed', async () => {
    const { ask, adapters } = country();
    adapters.get('population')!.intercept = async () => [
      {
        records: [
          {
            citizen: {
              __typename: 'Citizen',
              _g_iin: APPLICANT,
              iin: APPLICANT,
              lastName: 'A',
              spouse: { __typename: 'Citizen' },
              children: [],
            },
          },
        ],
        errors: [],
      },
    ];
    const outcome = await ask(FAMILY, { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse: REGISTER_MALFORMED_RESPONSE']);
    expect(plain(outcome.data)).to.have.nested.property('citizen.children').that.deep.equals([]);
  });
});

const FROM: Decision = { ...UNGOVERNED_DECISION, subject: { id: APPLICANT, role: 'self' } };

/** A person beyond a link: `id` is the number, `title` has a category of its own. */
const PERSON = selection([field('id', { category: 'family' }), field('title', { category: 'text' })], {
  identity: new Map([['Doc', 'id']]),
});
const BOSS = field('boss', { type: 'Doc', link: { field: 'id', role: 'boss' }, category: 'family', below: PERSON });
const MATES = field('mates', { link: { field: 'mates', role: 'mate' }, category: 'family' });

/** Asks the gate about the links of one record, without a plan or a call. */
async function gated(record: DataObject, kept: readonly ReadField[], gate: FakeGate = fakeGate(), from = FROM) {
  const linkGate = {
    gate,
    subjects: new Subjects(),
    grantedFields: new GrantedFieldsCompiler(SMALL, NO_CONTRACTS),
    register: 'docs',
    accessRecord: new AccessRecord('r-1'),
  };
  const links = await gateLinks([{ record, kept, decision: from }], linkGate);
  return { links, asked: gate.batches.flat().map(({ subject }) => `${subject.role} ${subject.id}`) };
}

describe('the gate after the call', () => {
  it('asks in one call about every person in lists of lists, once for each way', async () => {
    const gate = fakeGate();
    const record = { mates: [[SPOUSE, CHILD], [SPOUSE], null], boss: { id: SPOUSE, title: 'T' } };
    const { asked, links } = await gated(record, [MATES, BOSS], gate);
    expect(asked).to.deep.equal([`mate ${SPOUSE}`, `mate ${CHILD}`, `boss ${SPOUSE}`]);
    expect(gate.batches).to.have.length(1);
    expect(links.all.map(({ subject }) => subject?.via?.id)).to.deep.equal([APPLICANT, APPLICANT, APPLICANT]);
  });

  it('finds the links of objects below, and links of links, each from the person before', async () => {
    const chief = { ...BOSS, below: { ...PERSON, fields: [...PERSON.fields, BOSS], leadsToOthers: true } };
    const office = field('office', { type: 'Doc', below: selection([chief], { leadsToOthers: true }) });
    const gate = fakeGate();
    const record = { office: { boss: { id: SPOUSE, boss: { id: CHILD } } } };
    const { links } = await gated(record, [office], gate);
    expect(links.all.map(({ subject }) => [subject?.id, subject?.via?.id])).to.deep.equal([
      [SPOUSE, APPLICANT],
      [CHILD, SPOUSE],
    ]);
  });

  it('follows no link of a record without a known person, and asks nothing', async () => {
    const gate = fakeGate();
    const { links } = await gated({ boss: { id: SPOUSE } }, [BOSS], gate, UNGOVERNED_DECISION);
    expect(gate.batches).to.deep.equal([]);
    expect(links.all).to.deep.equal([]);
    expect(links.refusal({ id: SPOUSE }, BOSS, UNGOVERNED_DECISION)?.code).to.equal('REGISTER_MALFORMED_RESPONSE');
  });

  it('opens a link if its category and anything beyond it is granted', async () => {
    const boss = { id: SPOUSE, title: 'T' };
    const { links } = await gated(
      { boss },
      [BOSS],
      fakeGate((_question, category) => category === 'family'),
    );
    expect(links.refusal(boss, BOSS, FROM)).to.equal(undefined);
    expect(links.decisionOn(boss, BOSS, FROM)?.denied).to.deep.equal(new Set(['text']));
  });

  it('closes a link whose category is refused of the person there', async () => {
    const boss = { id: SPOUSE, title: 'T' };
    const { links } = await gated(
      { boss },
      [BOSS],
      fakeGate((_question, category) => category !== 'family'),
    );
    expect(links.refusal(boss, BOSS, FROM)).to.include({ code: 'CONSENT_REQUIRED', category: 'family' });
  });

  it('closes a link beyond which everything is refused', async () => {
    const boss = { id: SPOUSE, title: 'T' };
    const below = { ...PERSON, fields: [field('title', { category: 'text' })] };
    const { links } = await gated(
      { boss },
      [{ ...BOSS, below }],
      fakeGate((_question, category) => category !== 'text'),
    );
    expect(links.refusal(boss, { ...BOSS, below }, FROM)).to.include({ category: 'text' });
  });

  it('closes a list as a whole if one person of it is refused, or is not known', async () => {
    const record = { mates: [SPOUSE, null, CHILD] };
    const refusing = fakeGate(({ subject }) => subject.id !== CHILD);
    const { links } = await gated(record, [MATES], refusing);
    expect(links.refusal(record.mates, MATES, FROM)).to.include({ code: 'CONSENT_REQUIRED', category: 'family' });
    expect(links.refusal([SPOUSE, null], MATES, FROM)).to.equal(undefined);
    expect(links.refusal([SPOUSE, SECOND_CHILD], MATES, FROM), 'no one asked about this person').to.deep.equal({
      code: 'REGISTER_MALFORMED_RESPONSE',
      serviceName: 'docs',
    });
  });

  it('knows who is absent, and does not close the link for it', async () => {
    const record = { mates: [SPOUSE, CHILD] };
    const { links } = await gated(
      record,
      [MATES],
      fakeGate(({ subject }) => (subject.id === CHILD ? 'absent' : true)),
    );
    expect(record.mates.map((item) => links.isAbsent(item, MATES, FROM))).to.deep.equal([false, true]);
    expect(links.refusal(record.mates, MATES, FROM)).to.equal(undefined);
  });
});
