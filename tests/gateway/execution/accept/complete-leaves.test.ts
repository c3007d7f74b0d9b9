import { expect } from 'chai';
import { compileCompleteLeaves } from '../../../../gateway/execution/accept/complete-leaves.js';
import { SentValues } from '../../../../gateway/execution/accept/sent-values.js';
import { Annotations } from '../../../../gateway/execution/data/annotations.js';
import { GrantedFieldsCompiler } from '../../../../gateway/execution/gate/granted-fields.js';
import { Numeral } from '../../../../schemas/numeral.js';
import { bareObject } from '../../../../schemas/objects.js';
import type { Quality } from '../../../../schemas/ports/quality.js';
import {
  APPLICANT,
  askedOf,
  CHILD,
  errorsOf,
  fakeGate,
  NO_CONTRACTS,
  plain,
  SPOUSE,
  world,
  type Rule,
  type Thing,
  type World,
  type WorldOptions,
} from '../harness.js';
import { field, selection } from '../small-reads.js';
import { SMALL } from '../small-types.js';

const PEOPLE = `
  scalar Iin
  scalar Bin
  scalar Decimal
  scalar Long
  scalar Blob
  enum Status { ACTIVE ENDED SECRET @inaccessible }
  interface Being { name: String }
  type Cat implements Being CATEGORY { name: String lives: Int }
  type Dog implements Being CATEGORY { name: String }
  type Ghost implements Being CATEGORY @inaccessible { name: String }
  union Pet = Cat | Dog
  type Job CATEGORY { title: String strict: Int! employer: Bin }
  type Person @key(fields: "iin") SUBJECT CATEGORY {
    iin: Iin!
    code: ID
    count: Int
    share: Float
    alive: Boolean
    name: String
    status: Status
    employer: Bin
    amount: Decimal
    serial: Long
    blob: Blob
    marks: [[Int]]
    strictMarks: [Int!]
    job: Job
    jobs: [[Job]]
    being: Being
    pet: Pet
    hidden: Int @inaccessible
    friend: Iin FRIEND
    friends: [Person] FRIEND
  }
  type Query { person(iin: Iin! ARGUMENT): Person CATEGORY total: Int CATEGORY }
`;
const NOTES = `
  scalar Iin
  type Person @key(fields: "iin") SUBJECT CATEGORY {
    iin: Iin!
    hidden: Int @external
    jobs: [[Job]] @external
    note: String
    computed: String @requires(fields: "hidden")
    worked: String @requires(fields: "jobs { title }")
  }
  type Job CATEGORY { title: String @external }
`;
const JOBS = `
  scalar Bin
  type Firm @key(fields: "bin") CATEGORY { bin: Bin! name: String }
`;

const GOVERNED: Readonly<Record<string, string>> = {
  CATEGORY: '@category(name: "test.all")',
  SUBJECT: '@subject(field: "iin")',
  ARGUMENT: '@subjectArgument',
  FRIEND: '@subject(field: "iin", role: "friend")',
};
const sdl = (text: string, governed: boolean): string =>
  text.replaceAll(/\b(?:CATEGORY|SUBJECT|ARGUMENT|FRIEND)\b/g, (word) => (governed ? (GOVERNED[word] ?? '') : ''));

function people(
  held: Readonly<Record<string, unknown>>,
  { governed = true, rule, ...options }: WorldOptions & { readonly governed?: boolean; readonly rule?: Rule } = {},
): World {
  return world(
    {
      people: {
        sdl: sdl(PEOPLE, governed),
        roots: {
          person: ({ iin }) => ({ __typename: 'Person', iin, ...held }),
          total: () => held['total'],
        },
        entity: ({ iin }) => ({ __typename: 'Person', iin, ...held }),
      },
      notes: {
        sdl: sdl(NOTES, governed),
        entity: ({ iin }) => ({ __typename: 'Person', iin, note: 'n', computed: 'c', worked: 'w' }),
      },
      jobs: { sdl: sdl(JOBS, governed) },
    },
    { unlinted: true, ...(rule ? { gate: fakeGate(rule) } : {}), ...options },
  );
}

const WHO = { iin: APPLICANT };
const ASK = (fields: string): string => `query Q($iin: Iin!) { person(iin: $iin) { ${fields} } }`;
/** `path: reason` of every error that has reasons. */
const reasonsOf = ({ errors }: Awaited<ReturnType<World['ask']>>): readonly string[] =>
  errors.map(({ path = [], extensions }) => `${path.join('.')}: ${String(extensions?.['reasons'])}`);
const findingsOf = ({ records }: Awaited<ReturnType<World['ask']>>): readonly string[] =>
  records.flatMap(({ path, type, verdict, findings }) =>
    findings.map(({ rule, severity }) => `${path.join('.')} ${type} ${verdict} ${rule} ${severity}`),
  );

/** A wrong value of each type, and the rule that it breaks. */
const WRONG: readonly (readonly [field: string, value: unknown, rule: string])[] = [
  ['count', 'abc', 'int'],
  ['count', 3.7, 'int'],
  ['count', 3_000_000_000, 'int'],
  ['count', new Numeral('3.0'), 'int'],
  ['share', '0.5', 'float'],
  ['share', new Numeral('12345678901234567.89'), 'float'],
  ['alive', 'no', 'boolean'],
  ['name', 5, 'string'],
  ['name', new Numeral('19.10'), 'string'],
  ['code', 5.5, 'id'],
  ['status', 'UNHEARD_OF', 'enum'],
  ['employer', '10140000014', 'bin'],
  ['amount', 'much', 'decimal'],
  ['serial', '7.5', 'big-integer'],
  ['marks', 5, 'list'],
  ['job', 'text', 'object'],
  ['being', { __typename: 'Unicorn', name: 'U' }, 'type'],
  ['pet', { __typename: 'Person', name: 'U' }, 'type'],
];
const BELOW: Readonly<Record<string, string>> = {
  job: 'job { title }',
  being: 'being { __typename name }',
  pet: 'pet { __typename }',
};

for (const governed of [true, false]) {
  describe(`a value that is not of its type${governed ? '' : ', where nothing is governed'}`, () => {
    for (const [name, value, rule] of WRONG) {
      it(`is null with an error and a finding: ${name} ${JSON.stringify(value)}`, async () => {
        const { ask } = people({ [name]: value }, { governed });
        const outcome = await ask(ASK(`iin x: ${BELOW[name] ?? name}`), WHO);
        const id = `people.Person.${name}#${rule}`;
        expect(plain(outcome.data)).to.deep.equal({ person: { iin: APPLICANT, x: null } });
        expect(errorsOf(outcome)).to.deep.equal(['person.x: REGISTER_MALFORMED_RESPONSE']);
        expect(outcome.errors[0]?.extensions).to.deep.include({ serviceName: 'people', reasons: [id] });
        expect(findingsOf(outcome)).to.deep.equal([`person Person flagged ${id} warning`]);
        expect(JSON.stringify(outcome.errors)).to.not.include(String(value));
      });
    }

    it('takes its nearest nullable parent with it, in lists of lists too', async () => {
      const { ask } = people(
        {
          marks: [[1, 'x'], 'y', [2.5, null]],
          strictMarks: [1, 'x'],
          job: { __typename: 'Job', title: 't', strict: 'x' },
          jobs: [[{ __typename: 'Job', title: 5 }, 7], [{ __typename: 'Job', title: 't' }]],
        },
        { governed },
      );
      const outcome = await ask(ASK('marks strictMarks job { title strict } jobs { title }'), WHO);
      expect(plain(outcome.data)).to.deep.equal({
        person: {
          marks: [[1, null], null, [null, null]],
          strictMarks: null,
          job: null,
          jobs: [[{ title: null }, null], [{ title: 't' }]],
        },
      });
      expect(reasonsOf(outcome)).to.deep.equal([
        'person.marks.0.1: people.Person.marks#int',
        'person.marks.1: people.Person.marks#list',
        'person.marks.2.0: people.Person.marks#int',
        'person.strictMarks.1: people.Person.strictMarks#int',
        'person.job.strict: people.Job.strict#int',
        'person.jobs.0.0.title: people.Job.title#string',
        'person.jobs.0.1: people.Person.jobs#object',
      ]);
      expect(findingsOf(outcome)).to.deep.equal([
        'person Person flagged people.Person.marks#int warning',
        'person Person flagged people.Person.marks#list warning',
        'person Person flagged people.Person.strictMarks#int warning',
        'person Person flagged people.Person.jobs#object warning',
        'person.jobs.0.0 Job flagged people.Job.title#string warning',
      ]);
    });

    it('is told from what is right beside it, which is answered in the form of its type', async () => {
      const { ask } = people(
        {
          count: new Numeral('7'),
          share: new Numeral('19.10'),
          code: 5,
          amount: new Numeral('19.10'),
          serial: new Numeral('9007199254740993'),
          blob: { a: [new Numeral('9007199254740993'), new Numeral('19.10')] },
          status: 'ACTIVE',
          employer: '010140000014',
          alive: false,
          marks: [[new Numeral('1')], null],
        },
        { governed },
      );
      const outcome = await ask(ASK('count share code amount serial blob status employer alive marks'), WHO);
      expect(outcome.errors).to.deep.equal([]);
      expect(JSON.stringify(outcome.data)).to.equal(
        '{"person":{"count":7,"share":19.1,"code":"5","amount":"19.10","serial":"9007199254740993","blob":{"a":["9007199254740993",19.1]},"status":"ACTIVE","employer":"010140000014","alive":false,"marks":[[1],null]}}',
      );
      expect(findingsOf(outcome)).to.deep.equal([]);
    });

    it('is an unknown status and not a status that the public schema hides', async () => {
      const { ask } = people({ status: 'SECRET', being: { __typename: 'Ghost', name: 'G' } }, { governed });
      const outcome = await ask(ASK('status being { __typename name }'), WHO);
      expect(plain(outcome.data)).to.deep.equal({ person: { status: null, being: null } });
      expect(outcome.errors).to.deep.equal([]);
    });

    it('is not sent to another register, and what is computed of it has no reason that names it', async () => {
      const { ask, calls } = people({ hidden: 'x', jobs: [[{ __typename: 'Job', title: 5 }]] }, { governed });
      const outcome = await ask(ASK('note computed worked'), WHO);
      expect(plain(outcome.data)).to.deep.equal({
        // Without a split of the plan, what needs only the key is asked together with what needs more.
        person: { note: governed ? 'n' : null, computed: null, worked: null },
      });
      const failed = governed ? ['computed', 'worked'] : ['note', 'computed', 'worked'];
      expect(reasonsOf(outcome)).to.deep.equal(failed.map((name) => `person.${name}: `));
      for (const { extensions } of outcome.errors) expect(extensions?.['serviceName']).to.equal('people');
      const asked = calls.flatMap(({ groups }) => groups.map(({ operation }) => operation));
      expect(asked.some((operation) => /computed|worked/.test(operation))).to.equal(false);
    });

    it('of a root field is noted at the top', async () => {
      const { ask } = people({ total: 'x' }, { governed, rule: () => true });
      const outcome = await ask('{ total }', {});
      if (governed) return; // A governed root field names a person.
      expect(plain(outcome.data)).to.deep.equal({ total: null });
      expect(reasonsOf(outcome)).to.deep.equal(['total: people.Query.total#int']);
      expect(findingsOf(outcome)).to.deep.equal([' Query flagged people.Query.total#int warning']);
    });
  });
}

describe('the number of a person that is not one', () => {
  it('is not asked about, and makes its link null as a whole', async () => {
    const friends = [
      { __typename: 'Person', iin: SPOUSE },
      { __typename: 'Person', iin: '820202490011' },
    ];
    const { ask, gate, calls } = people({ friend: '12', friends });
    const outcome = await ask(ASK('friend friends { iin note }'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ person: { friend: null, friends: null } });
    expect(errorsOf(outcome)).to.deep.equal([
      'person.friend: REGISTER_MALFORMED_RESPONSE',
      'person.friends: REGISTER_MALFORMED_RESPONSE',
    ]);
    const decided = gate.batches.flat().map(({ subject }) => subject.id);
    expect(decided).to.not.include.members(['12']).and.to.not.include('820202490011');
    expect(askedOf(calls, 'notes')).to.deep.equal([]);
  });

  it('rejects the record that it identifies', async () => {
    const { ask, adapters } = people({});
    adapters.get('people')!.intercept = async () => [
      { records: [{ person: { __typename: 'Person', iin: 800101390011, name: 'n' } }], errors: [] },
    ];
    const outcome = await ask(ASK('name'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ person: null });
    expect(errorsOf(outcome)).to.deep.equal(['person: REGISTER_MALFORMED_RESPONSE']);
  });

  it('says nothing of people who are protected', async () => {
    const { ask } = people(
      { friends: [{ __typename: 'Person', iin: CHILD, count: 'x' }] },
      { rule: ({ subject }) => (subject.id === CHILD ? 'absent' : true) },
    );
    const outcome = await ask(ASK('friends { iin count }'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ person: { friends: [] } });
    expect([outcome.errors, findingsOf(outcome)]).to.deep.equal([[], []]);
  });
});

describe('a contract', () => {
  const judged: unknown[] = [];
  const quality = (verdict: 'pass' | 'flagged', critical: readonly string[]): Quality => ({
    contractVersion: () => '1',
    prepare: (_register, type) =>
      type === 'Person'
        ? {
            check: (record) => {
              judged.push({ ...record });
              const finding = { rule: 'c#own', dimension: 'accuracy', severity: 'warning', field: 'name' } as const;
              return { verdict, findings: verdict === 'pass' ? [] : [finding] };
            },
            critical: new Set(critical),
          }
        : undefined,
  });

  it('judges wrong values as the register sent them, others in the form of their type, and its findings stand beside those on types', async () => {
    judged.length = 0;
    const { ask } = people({ count: 'abc', code: 5, amount: 3.5 }, { quality: quality('flagged', ['name']) });
    const outcome = await ask(ASK('count code amount'), WHO);
    expect(judged).to.deep.equal([{ count: 'abc', code: '5', amount: '3.5' }]);
    expect(findingsOf(outcome)).to.deep.equal([
      'person Person flagged c#own warning',
      'person Person flagged people.Person.count#int warning',
    ]);
  });

  it('rejects a record with a critical field that is not of its type', async () => {
    const { ask } = people({ count: 'abc', name: 'n' }, { quality: quality('pass', ['count']) });
    const outcome = await ask(ASK('count name'), WHO);
    expect(plain(outcome.data)).to.deep.equal({ person: null });
    expect(errorsOf(outcome)).to.deep.equal(['person: DATA_QUALITY_FAILED']);
    expect(findingsOf(outcome)).to.deep.equal(['person Person rejected people.Person.count#int error']);
  });
});

describe('the completion of a record', () => {
  const completed = (record: Record<string, unknown>, generate?: () => undefined): unknown => {
    const annotations = new Annotations();
    const sent = new SentValues();
    const read = selection([
      field('id', { type: 'ID' }),
      field('title'),
      field('address', {
        type: 'Address',
        below: selection([field('kato'), field('street')], { type: 'Address' }),
      }),
    ]);
    const grantedFields = new GrantedFieldsCompiler(SMALL, NO_CONTRACTS);
    const complete = compileCompleteLeaves(read, { types: SMALL, grantedFields, ...(generate ? { generate } : {}) });
    complete(record, 'Doc', { annotations, sent });
    return {
      record,
      wrong: sent.wrongOf(record).map(({ rule }) => rule),
      kept: ['id', 'title'].map((key) => sent.at(record, key)),
    };
  };
  const wrong = (): Thing => ({ __typename: 'Doc', id: 7, title: 5, address: { kato: true, street: 's' } });

  for (const [what, value] of Object.entries({ numeral: new Numeral('5'), list: [{ kato: 'k' }], text: 'k' })) {
    it(`takes a ${what} for no object`, () => {
      expect(completed({ id: 'd', title: 't', address: value })).to.deep.equal({
        record: { id: 'd', title: 't', address: null },
        wrong: ['docs.Doc.address#object'],
        kept: ['d', 't'],
      });
    });
  }

  it('takes an object without a prototype for no number', () => {
    const annotations = new Annotations();
    const sent = new SentValues();
    const grantedFields = new GrantedFieldsCompiler(SMALL, NO_CONTRACTS);
    const record = { number: Object.assign(bareObject(), { a: 1 }) };
    const read = selection([field('number', { type: 'Int' })], { type: 'Card' });
    compileCompleteLeaves(read, { types: SMALL, grantedFields })(record, 'Card', { annotations, sent });
    expect(record).to.deep.equal({ number: null });
  });

  it('is the same where code may not be generated', () => {
    const one = completed(wrong());
    expect(one).to.deep.equal(completed(wrong(), () => undefined));
    expect(one).to.deep.equal({
      record: { __typename: 'Doc', id: '7', title: null, address: { kato: null, street: 's' } },
      wrong: ['docs.Doc.title#string'],
      kept: ['7', 5],
    });
  });
});
