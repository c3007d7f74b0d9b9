import { expect } from 'chai';
import {
  acceptRecord,
  derivationContext,
  type AcceptedRecord,
} from '../../../../gateway/execution/accept/accept-record.js';
import { SentValues } from '../../../../gateway/execution/accept/sent-values.js';
import { HiddenPositions } from '../../../../gateway/execution/accept/place-failures.js';
import { AccessRecord } from '../../../../gateway/access/access-record.js';
import { Annotations } from '../../../../gateway/execution/data/annotations.js';
import { UNGOVERNED_DECISION, type Decision } from '../../../../gateway/execution/gate/decision.js';
import { gateLinks } from '../../../../gateway/execution/gate/gate-links.js';
import { GrantedFieldsCompiler } from '../../../../gateway/execution/gate/granted-fields.js';
import { Subjects } from '../../../../gateway/execution/gate/subjects.js';
import type { ReadSelection } from '../../../../gateway/execution/reads/read-field.js';
import type { Quality, RecordVerdict } from '../../../../schemas/ports/quality.js';
import { listeningObserver } from '../../../doubles.js';
import { rejection } from '../../../rejection.js';
import { country, withholding } from '../country.js';
import {
  APPLICANT,
  askedOf,
  CHILD,
  fakeGate,
  NO_CONTRACTS,
  plain,
  SECOND_CHILD,
  SPOUSE,
  errorsOf,
} from '../harness.js';
import { field, selection } from '../small-reads.js';
import { SMALL } from '../small-types.js';

interface Judged {
  readonly type: string;
  readonly record: unknown;
}

/** A contract that says what `judge` says, and keeps the records that it got. */
function contract(
  judge: (type: string, record: Readonly<Record<string, unknown>>) => RecordVerdict['verdict'],
  critical: readonly string[] = [],
): Quality & { readonly judged: Judged[]; readonly prepared: string[] } {
  const judged: Judged[] = [];
  const prepared: string[] = [];
  return {
    judged,
    prepared,
    contractVersion: () => '1.0.0',
    prepare: (register, type, fields) => {
      prepared.push(`${register} ${type}: ${fields.join(' ')}`);
      return {
        check: (record) => {
          judged.push({ type, record: plain(record) });
          const verdict = judge(type, record);
          const findings =
            verdict === 'pass'
              ? []
              : [
                  {
                    rule: `${register}.${type}.x#test`,
                    dimension: 'conformity' as const,
                    severity: 'error' as const,
                    field: '',
                  },
                ];
          return { verdict, findings };
        },
        critical: new Set(critical),
      };
    },
  };
}

describe('execution: quality', () => {
  it('judges each record by field name, without aliases and without the fields that the gateway adds', async () => {
    const quality = contract(() => 'pass');
    const { ask } = country({ quality });
    await ask('query Q($iin: Iin!) { citizen(iin: $iin) { family: lastName birthYear documents { type } } }', {
      iin: APPLICANT,
    });
    expect(quality.judged[0]).to.deep.equal({
      type: 'Citizen',
      record: { lastName: 'Applicant', birthDate: '1980-01-01' },
    });
    expect(quality.prepared).to.include.members([
      'population Citizen: birthDate lastName',
      'population IdentityDocument: type',
    ]);
  });

  it('gives a contract no field that was not granted', async () => {
    const quality = contract(() => 'pass');
    const { ask } = country({ quality, gate: withholding('population.life_status') });
    await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lifeStatus } }', { iin: APPLICANT });
    expect(quality.prepared).to.deep.equal(['population Citizen: lastName']);
  });

  it('releases nothing when a check fails', async () => {
    const quality = contract(() => {
      throw new TypeError('a rule that cannot be run');
    });
    const { ask } = country({ quality });
    expect(
      await rejection(ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName } }', { iin: APPLICANT })),
    ).to.be.instanceOf(TypeError);
  });

  it('lists every returned record with its verdict, at the client’s path', async () => {
    const { ask } = country({ quality: contract((type) => (type === 'Land' ? 'flagged' : 'pass')) });
    const outcome = await ask('query Q($iin: Iin!) { me: citizen(iin: $iin) { lastName plots: lands { area } } }', {
      iin: APPLICANT,
    });
    expect(
      outcome.records.map(({ path, register, type, verdict }) => `${path.join('.')} ${register} ${type} ${verdict}`),
    ).to.deep.equal([
      'me population Citizen pass',
      'me.plots.0 property Land flagged',
      'me.plots.1 property Land flagged',
    ]);
    expect(outcome.errors).to.deep.equal([]);
    expect(outcome.records[2]?.findings).to.have.length(1);
  });

  it('sets a rejected record to null where it stands', async () => {
    const { ask } = country({
      quality: contract((type, record) =>
        type === 'Land' && String(record['cadastralNumber']).endsWith('/1') ? 'rejected' : 'pass',
      ),
    });
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName lands { cadastralNumber } } }', {
      iin: APPLICANT,
    });
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { lastName: 'Applicant', lands: [null, { cadastralNumber: `${APPLICANT}/2` }] },
    });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.lands.0: DATA_QUALITY_FAILED']);
    expect(outcome.errors[0]?.extensions).to.include({ serviceName: 'property' });
    expect(outcome.records.find(({ verdict }) => verdict === 'rejected')?.path).to.deep.equal(['citizen', 'lands', 0]);
  });

  it('asks nothing further about a rejected record', async () => {
    const { ask, calls } = country({ quality: contract((type) => (type === 'Citizen' ? 'rejected' : 'pass')) });
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { lastName birthYear lands { area } } }', {
      iin: APPLICANT,
    });
    expect(plain(outcome.data)).to.deep.equal({ citizen: null });
    expect(errorsOf(outcome)).to.deep.equal(['citizen: DATA_QUALITY_FAILED']);
    expect(askedOf(calls, 'property')).to.deep.equal([]);
  });

  it('sets to null the fields that a rejected entity would have brought, and keeps the rest', async () => {
    const quality = contract((_type, record) => (record['lastName'] === 'Spouse' ? 'rejected' : 'pass'));
    const { ask } = country({ quality });
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { iin lastName spouse { lastName birthDate } } }',
      { iin: APPLICANT },
    );
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { iin: APPLICANT, lastName: 'Applicant', spouse: { lastName: null, birthDate: null } },
    });
    expect(errorsOf(outcome)).to.deep.equal([
      'citizen.spouse.lastName: DATA_QUALITY_FAILED',
      'citizen.spouse.birthDate: DATA_QUALITY_FAILED',
    ]);
    expect(outcome.records.map(({ path, verdict }) => `${path.join('.')} ${verdict}`)).to.deep.equal([
      'citizen pass',
      'citizen.spouse rejected',
    ]);
  });
});

const ASK = (fields: string): string => `query Q($iin: Iin!) { citizen(iin: $iin) { ${fields} } }`;

describe('execution: derived fields', () => {
  it('asks for the source instead, under a key of its own, and drops it', async () => {
    const { ask, calls } = country();
    const outcome = await ask(ASK('lifeStatus birthYear ageGroup'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields).to.include.members(['citizen._d_birthDate']);
    expect(calls[0]?.groups[0]?.fields.filter((field) => field.endsWith('birthDate'))).to.have.length(1);
    expect(calls[0]?.groups[0]?.operation).to.not.contain('birthYear');
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lifeStatus: 'ALIVE', birthYear: 1980, ageGroup: 'ADULT' } });
  });

  it('shares a source that the client selects too', async () => {
    const { ask, calls } = country();
    const outcome = await ask(ASK('birthDate birthYear'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields.filter((field) => field.includes('birthDate'))).to.deep.equal([
      'citizen.birthDate',
    ]);
    expect(plain(outcome.data)).to.deep.equal({ citizen: { birthDate: '1980-01-01', birthYear: 1980 } });
  });

  it('reads the source, and discloses only what was derived', async () => {
    const { ask } = country();
    const { disclosures } = await ask(ASK('birthYear'), { iin: APPLICANT });
    expect(disclosures.map(({ category, access }) => `${access} ${category}`)).to.have.members([
      'read population.identifier',
      'disclose population.derived',
      'read population.identity',
    ]);
  });

  it('is withheld if its source is withheld, and the source is not asked for', async () => {
    const { ask, calls } = country({ gate: withholding('population.identity') });
    const outcome = await ask(ASK('lifeStatus birthYear'), { iin: APPLICANT });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.birthYear: CONSENT_REQUIRED']);
    expect(outcome.withheld[0]?.category).to.equal('population.identity');
    expect(calls[0]?.groups[0]?.fields.join()).to.not.contain('birthDate');
  });

  it('does not ask for the source when the derived field itself is withheld', async () => {
    const { ask, calls } = country({ gate: withholding('population.derived') });
    await ask(ASK('lifeStatus birthYear'), { iin: APPLICANT });
    expect(calls[0]?.groups[0]?.fields.join()).to.not.contain('birthDate');
  });

  it('passes the caller and the case to the derivation', async () => {
    const { ask } = country();
    const outcome = await ask(
      'query Q($handle: PersonHandle!) { person(handle: $handle) { pseudonym } }',
      { handle: APPLICANT },
      { receiver: 'appeals-ai', caseNumber: 'AP-1' },
    );
    expect(plain(outcome.data)).to.deep.equal({ person: { pseudonym: 'appeals-ai/AP-1/12' } });
  });

  it('fails alone if its source or its computation failed', async () => {
    const { ask, adapters } = country({
      derivationsBy: {
        birthYear: () => 1980,
        pseudonym: () => 'p',
        ageGroup: () => {
          throw new Error('on no value');
        },
      },
    });
    adapters.get('population')!.intercept = async (_call, answer) => {
      const [group] = answer();
      (group!.records[0]!['citizen'] as Record<string, unknown>)['_d_birthDate'] = null;
      return [{ ...group!, errors: [{ path: [0, 'citizen', '_d_birthDate'], reason: 'graphql_errors' }] }];
    };
    const outcome = await ask(ASK('lifeStatus ageGroup'), { iin: APPLICANT });
    expect(plain(outcome.data)).to.deep.equal({ citizen: { lifeStatus: 'ALIVE', ageGroup: null } });
    expect(errorsOf(outcome)).to.deep.equal(['citizen.ageGroup: INTERNAL_SERVER_ERROR']);
  });
});

/** The applicant, with these categories withheld. */
const applicant = (...withheld: readonly string[]): Decision => ({
  subject: { id: APPLICANT, role: 'self' },
  granted: new Map(),
  withheld: new Map(withheld.map((category) => [category, { code: 'CONSENT_REQUIRED' }])),
  denied: new Set(withheld),
  deniedKey: [...withheld].sort().join(' '),
  absent: false,
  decoy: undefined,
  visibleDwellings: new Set(),
});

interface Accepting {
  readonly decision?: Decision;
  readonly quality?: Quality;
  /** People whose category `family` is withheld, and people who are absent. */
  readonly refused?: readonly string[];
  readonly absent?: readonly string[];
  readonly type?: string;
}

/** Accepts one record by itself, without a plan or a call. */
async function accepting(record: unknown, read: ReadSelection, options: Accepting = {}) {
  const { decision = applicant(), quality = NO_CONTRACTS, refused = [], absent = [], type = 'Doc' } = options;
  const grantedFields = new GrantedFieldsCompiler(SMALL, quality);
  const gate = fakeGate(({ subject }) =>
    absent.includes(subject.id) ? 'absent' : refused.includes(subject.id) ? 'CONSENT_REQUIRED' : true,
  );
  const accessRecord = new AccessRecord('r-1');
  const kept = grantedFields.of(read, type, decision).kept.map((granted) => granted.field);
  const links = await gateLinks([{ record: (record ?? {}) as Readonly<Record<string, unknown>>, kept, decision }], {
    gate,
    subjects: new Subjects(),
    grantedFields,
    register: 'docs',
    accessRecord,
  });
  const annotations = new Annotations();
  const observer = listeningObserver();
  const accepted = acceptRecord(record, read, type, decision, {
    register: 'docs',
    grantedFields,
    annotations,
    accessRecord,
    countTold: gate.countTold,
    links,
    sent: new SentValues(),
    hiddenPositions: new HiddenPositions(),
    trimmed: new Map(),
    derivation: derivationContext(() => '2026-03-02', { receiver: 'agency', caseNumber: 'C-1' }),
    observer,
  });
  return { accepted, annotations, lines: observer.lines };
}

function objectOf(accepted: AcceptedRecord): Record<string, unknown> {
  if ('fault' in accepted) throw new Error(`the record was not accepted: ${accepted.fault.code}`);
  return accepted.object as Record<string, unknown>;
}

describe('accepting a record', () => {
  const READ = selection([field('id', { category: 'doc.id' }), field('title', { category: 'doc.text' })], {
    identity: new Map([['Doc', 'id']]),
  });

  it('copies what was granted and asked for, and nothing else that the register sent', async () => {
    const { accepted } = await accepting({ id: APPLICANT, title: 'T', secret: 's' }, READ);
    expect(plain(objectOf(accepted))).to.deep.equal({ id: APPLICANT, title: 'T' });
  });

  it('leaves a withheld field out, though the register sent it, and says why', async () => {
    const { accepted, annotations } = await accepting({ id: APPLICANT, title: 'T' }, READ, {
      decision: applicant('doc.text'),
    });
    const object = objectOf(accepted);
    expect(plain(object)).to.deep.equal({ id: APPLICANT, title: null });
    expect(annotations.faultAt(object, 'title')).to.deep.equal({ code: 'CONSENT_REQUIRED', category: 'doc.text' });
    expect(annotations.faultAt(object, 'id')).to.equal(undefined);
  });

  it('accepts nothing if every field is withheld', async () => {
    const { accepted } = await accepting({ id: APPLICANT, title: 'T' }, READ, {
      decision: applicant('doc.text', 'doc.id'),
    });
    expect(accepted).to.deep.equal({ fault: { code: 'CONSENT_REQUIRED', category: 'doc.id' }, type: 'Doc' });
  });

  it('accepts nothing of a record about another person, and logs no number', async () => {
    for (const id of [SPOUSE, null, undefined]) {
      const { accepted, lines } = await accepting({ id, title: 'T' }, READ);
      expect(accepted).to.deep.equal({ fault: { code: 'REGISTER_MALFORMED_RESPONSE', serviceName: 'docs' } });
      expect(lines).to.deep.equal([
        { level: 'error', event: 'execution.answer_about_somebody_else', fields: { register: 'docs' } },
      ]);
    }
  });

  it('accepts nothing that is not an object, or whose type is unknown', async () => {
    const malformed = { fault: { code: 'REGISTER_MALFORMED_RESPONSE', serviceName: 'docs' } };
    for (const record of ['text', ['T'], 1]) expect((await accepting(record, READ)).accepted).to.deep.equal(malformed);
    const nodes = { ...READ, type: 'Node', abstract: true };
    const [stated, unknown] = [{ id: APPLICANT, __typename: 'Doc' }, { id: APPLICANT }];
    const boxed = selection([field('address', { type: 'Node', below: nodes, category: 'doc.id' })]);
    for (const [address, code] of [
      [stated, undefined],
      [unknown, 'REGISTER_MALFORMED_RESPONSE'],
    ] as const) {
      const { accepted, annotations } = await accepting({ address }, boxed);
      expect(annotations.faultAt(objectOf(accepted), 'address')?.code).to.equal(code);
    }
  });

  it('takes the record itself if nothing of it is governed', async () => {
    const record = { id: 'd1', title: 'T' };
    const { accepted } = await accepting(record, selection([field('id'), field('title')]), {
      decision: UNGOVERNED_DECISION,
    });
    expect(objectOf(accepted)).to.equal(record);
    expect(accepted).to.have.property('plain').that.is.a('function');
  });

  it('accepts nothing of a rejected record, and keeps its verdict', async () => {
    const { accepted } = await accepting({ id: APPLICANT, title: 'T' }, READ, { quality: contract(() => 'rejected') });
    expect(accepted).to.have.property('fault').that.deep.equals({ code: 'DATA_QUALITY_FAILED', serviceName: 'docs' });
    expect(accepted).to.have.property('note').that.includes({ register: 'docs', type: 'Doc', verdict: 'rejected' });
  });

  it('keeps a flagged record, with its verdict', async () => {
    const { accepted, annotations } = await accepting({ id: APPLICANT, title: 'T' }, READ, {
      quality: contract(() => 'flagged'),
    });
    expect(annotations.notesOf(objectOf(accepted)).map(({ verdict }) => verdict)).to.deep.equal(['flagged']);
  });

  it('puts null at the place of a rejected record below, with its verdict', async () => {
    const below = selection([field('kato', { parentType: 'Address', category: 'doc.text' })], { type: 'Address' });
    const read = selection([field('address', { type: 'Address', below, category: 'doc.text' })]);
    const { accepted, annotations } = await accepting({ address: [{ kato: '1' }, { kato: '2' }] }, read, {
      quality: contract((_type, { kato }) => (kato === '2' ? 'rejected' : 'pass')),
    });
    const list = objectOf(accepted)['address'] as unknown[];
    expect(plain(list)).to.deep.equal([{ kato: '1' }, null]);
    expect(annotations.faultAt(list, 1)?.code).to.equal('DATA_QUALITY_FAILED');
    expect(annotations.rejectedAt(list, 1)?.verdict).to.equal('rejected');
    expect(annotations.faultAt(list, 0)).to.equal(undefined);
  });
});

describe('accepting a derived field', () => {
  const read = (derive: () => unknown): ReadSelection =>
    selection([
      field('initial', {
        category: 'derived',
        derivation: {
          derive: derive as never,
          sources: [{ name: 'title', responseKey: '_d_title', category: 'text' }],
        },
      }),
      field('title', { responseKey: '_d_title', origin: 'source', category: 'text' }),
    ]);

  it('computes it from its source, which is dropped', async () => {
    const seen: unknown[] = [];
    const derive = (...given: readonly unknown[]): string => (seen.push(...given), 'T');
    const { accepted } = await accepting({ _d_title: 'Title' }, read(derive));
    expect(plain(objectOf(accepted))).to.deep.equal({ initial: 'T' });
    expect(plain(seen)).to.deep.equal([
      { title: 'Title' },
      { receiver: 'agency', caseNumber: 'C-1', factDate: '2026-03-02' },
    ]);
  });

  it('is not computed if its source is withheld', async () => {
    const { accepted } = await accepting(
      { _d_title: 'Title' },
      read(() => expect.fail('the source is withheld')),
      { decision: applicant('text') },
    );
    expect(accepted).to.deep.equal({ fault: { code: 'CONSENT_REQUIRED', category: 'text' }, type: 'Doc' });
  });

  it('is null, and logged, if it cannot be computed', async () => {
    const { accepted, annotations, lines } = await accepting(
      { _d_title: null },
      read(() => {
        throw new Error('no value');
      }),
    );
    const object = objectOf(accepted);
    expect(plain(object)).to.deep.equal({ initial: null });
    expect(annotations.faultAt(object, 'initial')).to.deep.equal({ code: 'INTERNAL_SERVER_ERROR' });
    expect(lines).to.deep.equal([
      { level: 'error', event: 'execution.derivation_failed', fields: { register: 'docs', field: 'initial' } },
    ]);
  });
});

describe('accepting a list of links', () => {
  const READ = selection([field('friends', { link: { field: 'friends', role: 'friend' }, category: 'family' })], {
    leadsToOthers: true,
  });
  const friends = { friends: [SPOUSE, CHILD, SECOND_CHILD] };

  it('keeps the people that the gate grants', async () => {
    const { accepted } = await accepting(friends, READ);
    expect(plain(objectOf(accepted))).to.deep.equal(friends);
  });

  it('is null as a whole if one person is refused, so that no length is shown', async () => {
    const { accepted, annotations } = await accepting(friends, READ, { refused: [CHILD] });
    const object = objectOf(accepted);
    expect(plain(object)).to.deep.equal({ friends: null });
    expect(annotations.faultAt(object, 'friends')).to.include({ code: 'CONSENT_REQUIRED', category: 'family' });
  });

  it('leaves out a person who is absent, without a fault', async () => {
    const { accepted, annotations } = await accepting(friends, READ, { absent: [CHILD] });
    const object = objectOf(accepted);
    expect(plain(object)).to.deep.equal({ friends: [SPOUSE, SECOND_CHILD] });
    expect(annotations.faultAt(object, 'friends')).to.equal(undefined);
  });

  it('is null as a whole if an item is no number', async () => {
    const { accepted, annotations } = await accepting({ friends: [SPOUSE, 12] }, READ);
    const object = objectOf(accepted);
    expect(plain(object)).to.deep.equal({ friends: null });
    expect(annotations.faultAt(object, 'friends')?.code).to.equal('REGISTER_MALFORMED_RESPONSE');
  });
});
