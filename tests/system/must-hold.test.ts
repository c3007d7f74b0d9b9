import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUSING_FAMILY, UNKNOWN_NUMBER, SECOND_HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Access } from '../../gateway/cli/client/access.js';
import { postmasterPid } from '../../gateway/state/embedded/postmaster.js';
import { verifyAnswer } from '../../monitoring/audit/answer/verify-answer.js';
import { citizenOf, codesAt, startSystem, type Answer, type RunningSystem } from './running-system.js';

const PROPERTY = ['property.land', 'property.buildings', 'property.vehicles'];
const { applicant, wife, caseNumber } = HOUSING_FAMILY;
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Selections of fields that no rule opens to the housing agency for any purpose. */
const HIDDEN_FROM_HOUSING = [
  'citizen(iin: $iin) { documents { number } }',
  'citizen(iin: $iin) { lastName birthAct { number } }',
  'citizen(iin: $iin) { spouse { documents { number } } }',
  'citizen(iin: $iin) { ...f } } fragment f on Citizen { documents { number }',
];

describe('the whole way', () => {
  let system: RunningSystem;

  before(async () => {
    // A log that does not answer costs a test as long as a commit may take.
    system = await startSystem((config) => ({ ...config, audit: { ...config.audit, commit_ms: 3_000 } }));
  });
  after(() => (system as RunningSystem | undefined)?.stop());

  const housing = (number = caseNumber): Promise<Access> => system.as('housing', 'housing_queue', number);
  const ask = (as: Access, body: unknown): Promise<Answer> => system.ask(as, body);
  const calls = (): number => system.calls();
  const queue = (iin: string): object => ({ documentId: 'HousingQueue', variables: { iin } });

  it('makes no register call for a refused request', async () => {
    const before = calls();
    const refused = [
      await ask(await housing(), queue(SECOND_HOUSING_FAMILY.applicant.iin)),
      await ask(await housing(), {
        query: 'query Q($iin: Iin!) { citizen(iin: $iin) { documents { number } } }',
        variables: { iin: applicant.iin },
      }),
      await ask(await system.as('social', 'proactive_support', 'PS-2026-000201'), {
        query: 'query Q($iin: Iin!) { citizen(iin: $iin) { birthAct { number } } }',
        variables: { iin: applicant.iin },
      }),
      await ask(await housing(), { documentId: 'FamilyCard', variables: { iin: applicant.iin } }),
      await ask(await housing(), queue('123456789012')),
      await ask(await housing(), { documentId: 'Nothing', variables: {} }),
      await ask(await housing(), { documentId: 'HousingQueue', query: '{ __typename }' }),
    ];
    expect(refused.map(({ errors }) => errors[0]?.extensions.code)).to.deep.equal([
      'POLICY_DENIED',
      'GRAPHQL_VALIDATION_FAILED',
      'POLICY_DENIED',
      'DOCUMENT_NOT_ALLOWED',
      'BAD_USER_INPUT',
      'DOCUMENT_NOT_FOUND',
      'DOCUMENT_ID_AND_TEXT',
    ]);
    expect(refused.every(({ data }) => data === null)).to.equal(true);
    expect(calls()).to.equal(before);
  });

  it('answers a field that an agency may never see as one that there is not, in every form that it accepts', async () => {
    const access = await housing();
    const told = async (selection: string, accept: string): Promise<unknown> => {
      const headers = new Headers({ 'content-type': 'application/json' });
      if (accept !== '') headers.set('accept', accept);
      const query = `query Q($iin: Iin!) { ${selection} }`;
      const body = JSON.stringify({ query, variables: { iin: applicant.iin } });
      const answer = await access.fetch('/graphql', { method: 'POST', headers, body });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: [...answer.headers].filter(([name]) => name !== 'date' && name !== 'content-length'),
        body: text.replace(UUIDS, 'id').replace(/"receipt":\{[^}]*\}/, '"receipt":{}'),
      };
    };
    const before = calls();
    for (const accept of ['application/json', 'application/graphql-response+json', '*/*', '', 'text/html, x/y;q=0.1']) {
      const missing = await told('citizen(iin: $iin) { noSuchThing { number } }', accept);
      expect(missing).to.have.property('status').that.is.oneOf([200, 400, 406]);
      for (const hidden of HIDDEN_FROM_HOUSING)
        expect(await told(hidden, accept), `${accept} ${hidden}`).to.deep.equal(missing);
    }
    expect(calls()).to.equal(before);
  });

  it('asks nothing about who has not consented, and nothing more after a withdrawal', async () => {
    const citizen = await system.citizen(applicant.iin);
    const given = await citizen.send('POST', '/consents', {
      agency: 'housing',
      purpose: 'housing_queue',
      case: caseNumber,
      categories: PROPERTY,
    });
    const [consent] = (JSON.parse(given.text) as { data: { consents: { id: string }[] } }).data.consents;
    system.country.reset('property');
    const partly = await ask(await housing(), queue(applicant.iin));
    expect(citizenOf(partly)['lands']).to.be.an('array');
    expect(citizenOf(partly).spouse?.['lands']).to.equal(null);
    expect(codesAt(partly, 'citizen.spouse')).to.deep.equal([
      'CONSENT_REQUIRED',
      'CONSENT_REQUIRED',
      'CONSENT_REQUIRED',
    ]);
    // The applicant and two children, never the wife.
    expect(system.country.stats('property').subjects).to.equal(3);

    await citizen.send('POST', `/consents/${consent?.id ?? ''}/withdraw`, {});
    system.country.reset('property');
    const afterwards = await ask(await housing(), queue(applicant.iin));
    expect(citizenOf(afterwards)['lands']).to.equal(null);
    expect(codesAt(afterwards, 'citizen.lands')).to.deep.equal(['CONSENT_WITHDRAWN']);
    expect(system.country.stats('property').subjects).to.equal(2);
  });

  it('says the same of a number that no one has', async () => {
    const query = 'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }';
    const before = calls();
    const [known, unknown] = [
      await ask(await housing(), { query, variables: { iin: wife.iin } }),
      await ask(await housing(), { query, variables: { iin: UNKNOWN_NUMBER } }),
    ];
    const shape = ({ status, data, errors }: Answer): unknown => [
      status,
      data,
      errors.map(({ path, extensions }) => [path, extensions.code, extensions['reasons']]),
    ];
    expect(shape(unknown)).to.deep.equal(shape(known));
    expect(shape(unknown)).to.deep.equal([403, null, [[undefined, 'POLICY_DENIED', ['nexus']]]]);
    expect(calls()).to.equal(before);
  });

  it('asks nothing in a case that is closed, unknown, of another agency or for another purpose, consent or not', async () => {
    const citizen = await system.citizen(applicant.iin);
    await citizen.send('POST', '/consents', { agency: 'housing', purpose: 'housing_queue', categories: PROPERTY });
    const lands = {
      query: 'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }',
      variables: { iin: applicant.iin },
    };
    const open = await ask(await housing(), lands);
    expect(citizenOf(open)['lands']).to.be.an('array');
    expect(
      (await system.entries(open.tereze.requestId)).map((entry) => 'case' in entry && entry.case?.status),
    ).to.deep.equal(['verified', 'verified']);
    const before = calls();
    for (const [number, status] of [
      ['HQ-2026-000100', 'closed'],
      ['NO-SUCH-CASE-77', 'unknown'],
      ['PS-2026-000201', 'unknown'],
    ] as const) {
      for (const question of [lands, queue(applicant.iin), { query: '{ __typename }' }]) {
        const refused = await ask(await housing(number), question);
        expect([refused.status, refused.data]).to.deep.equal([403, null]);
        expect(refused.errors.map(({ extensions }) => [extensions.code, extensions['reasons']])).to.deep.equal([
          ['CASE_NOT_OPEN', [`case_${status}`]],
        ]);
        expect(await system.entries(refused.tereze.requestId))
          .to.have.length(1)
          .and.to.have.nested.property('[0].case')
          .that.deep.equals({
            agency: 'housing',
            number,
            status,
          });
      }
    }
    const foreign = await system.as('housing', 'housing_queue', 'PS-2026-000201', 'social');
    const refused = await ask(foreign, queue(applicant.iin));
    expect(refused.errors.map(({ extensions }) => extensions['reasons'])).to.deep.equal([['case_foreign']]);
    expect(calls()).to.equal(before);
  });

  it('asks about the right person under any alias of a field', async () => {
    const aliased = await ask(await housing(), {
      query: 'query Q($iin: Iin!) { citizen(iin: $iin) { x: iin iin: lastName registration { region } } }',
      variables: { iin: applicant.iin },
    });
    expect(citizenOf(aliased)).to.deep.include({ x: applicant.iin });
    expect(citizenOf(aliased)['registration']).to.be.an('object');
  });

  it('gives receipts that verify, and entries without any number', async () => {
    const { text } = await ask(await housing(), queue(applicant.iin));
    await system.reading(async (reader) => {
      expect(await verifyAnswer(reader, JSON.parse(text))).to.include({ verified: true });
      expect(await verifyAnswer(reader, { ...(JSON.parse(text) as object), data: {} })).to.include({ verified: false });
      const numbers = new Set(system.country.country.persons.map(({ iin }) => iin));
      const metrics = await (await fetch(`${system.gateway.operationsUrl}/metrics`)).text();
      const entries = (await reader.list({ limit: 1_000 })).map(({ bytes }) => bytes.toString());
      const found = [...entries, ...system.logged, metrics]
        .flatMap((written) => written.match(/\d{12}/g) ?? [])
        .filter((digits) => numbers.has(digits));
      expect(entries.length).to.be.greaterThan(10);
      expect(found).to.deep.equal([]);
    });
  });

  const postmaster = (): number =>
    postmasterPid(join(system.config.database.directory, 'data')) ?? expect.fail('no server');
  const readiness = async (): Promise<number> => (await fetch(`${system.gateway.operationsUrl}/health/ready`)).status;

  for (const [what, before, after] of [
    ['a log that does not answer', 'SIGSTOP', 'SIGCONT'],
    ['a log that is gone', 'SIGQUIT', undefined],
  ] as const) {
    it(`asks nothing and answers nothing with ${what}, and goes on once it is back`, async () => {
      const as = await housing();
      const asked = calls();
      const processes = withChildren(postmaster());
      for (const pid of processes) signal(pid, before);
      const answer = await ask(as, queue(applicant.iin));
      expect(answer.status).to.equal(503);
      expect(answer.errors[0]?.extensions.code).to.equal('AUDIT_UNAVAILABLE');
      expect(answer.data).to.equal(null);
      expect(calls()).to.equal(asked);
      expect(await readiness()).to.equal(503);

      if (after !== undefined) for (const pid of processes) signal(pid, after);
      while ((await readiness()) !== 200) await sleep(50);
      expect((await ask(await housing(), queue(applicant.iin))).status).to.equal(200);
    });
  }
});

/** Signals what has not ended meanwhile. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The server first: what it has started meanwhile could not be listed before it stands still. */
function withChildren(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return [pid, ...children];
}
