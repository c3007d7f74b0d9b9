import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HOUSING_FAMILY, NOBODY, SECOND_HOUSING_FAMILY } from '../../demo/country/people.js';
import { startCountry, type RunningCountry } from '../../demo/start.js';
import { startGateway, type Gateway } from '../../gateway/app.js';
import { accessForSystem, type Access } from '../../gateway/cli/client/access.js';
import { accessForCitizen } from '../../gateway/cli/client/citizen-sign-in.js';
import { readProfile } from '../../gateway/cli/client/profile.js';
import { readConfig } from '../../gateway/config/read-config.js';
import { postmasterPid } from '../../gateway/state/embedded/postmaster.js';
import { attachState } from '../../gateway/state/open.js';
import { stateOptions } from '../../gateway/cli/installed-state.js';
import { createAuditReader } from '../../monitoring/audit/reader.js';
import { verifyAnswer } from '../../monitoring/audit/verify-answer.js';

const REGISTERS = ['population', 'address', 'property'] as const;
const PROPERTY = ['property.land', 'property.buildings', 'property.vehicles'];
const { applicant, wife, caseNumber } = HOUSING_FAMILY;

interface Answer {
  readonly status: number;
  readonly body: { data?: { citizen?: Record<string, unknown> & { spouse?: Record<string, unknown> } } | null; errors?: { path?: (string | number)[]; extensions: { code: string; consentRequest?: string } }[] };
}

describe('the whole way', () => {
  let directory: string;
  let country: RunningCountry;
  let gateway: Gateway;
  const logged: string[] = [];

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tereze-system-'));
    country = await startCountry({ directory, ports: 'free' });
    gateway = await startGateway({ ...(await readConfig(country.config, {})), telemetry: { log_level: 'debug' } }, { log: { write: (line) => void logged.push(line) } });
  });
  after(async () => {
    await (gateway as Gateway | undefined)?.stop();
    await (country as RunningCountry | undefined)?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const clients = (): string => join(dirname(country.config), 'clients');
  const access = async (client: string, purpose: string, number: string): Promise<Access> => {
    const profile = await readProfile(client, clients());
    return accessForSystem(profile, { purpose, case: { agency: profile.agency ?? client, number } });
  };
  const housing = (number = caseNumber): Promise<Access> => access('housing', 'housing_queue', number);
  const ask = async (as: Access, body: unknown): Promise<Answer> => {
    const { status, text } = await as.send('POST', '/graphql', body);
    return { status, body: JSON.parse(text) as Answer['body'] };
  };
  const calls = (): number => REGISTERS.map((register) => country.stats(register).calls).reduce((sum, one) => sum + one, 0);
  const queue = (iin: string): object => ({ documentId: 'HousingQueue', variables: { iin } });
  const codesAt = ({ body }: Answer, prefix: string): readonly string[] => (body.errors ?? []).filter(({ path = [] }) => path.join('.').startsWith(prefix)).map(({ extensions }) => extensions.code);

  it('makes no register call for a refused request', async () => {
    const before = calls();
    const refused = [
      await ask(await housing(), queue(SECOND_HOUSING_FAMILY.applicant.iin)),
      await ask(await housing(), { query: 'query Q($iin: Iin!) { citizen(iin: $iin) { documents { number } } }', variables: { iin: applicant.iin } }),
      await ask(await housing(), { documentId: 'FamilyCard', variables: { iin: applicant.iin } }),
      await ask(await housing(), queue('123456789012')),
      await ask(await housing(), { documentId: 'Nothing', variables: {} }),
      await ask(await housing(), { documentId: 'HousingQueue', query: '{ __typename }' }),
    ];
    expect(refused.map(({ body }) => body.errors?.[0]?.extensions.code)).to.deep.equal(['POLICY_DENIED', 'POLICY_DENIED', 'DOCUMENT_NOT_ALLOWED', 'BAD_USER_INPUT', 'DOCUMENT_NOT_FOUND', 'DOCUMENT_ID_AND_TEXT']);
    expect(refused.every(({ body }) => (body.data ?? null) === null)).to.equal(true);
    expect(calls()).to.equal(before);
  });

  it('asks nothing about who has not consented, and nothing more after a withdrawal', async () => {
    const citizen = await accessForCitizen(await readProfile('citizen-window', clients()), applicant.iin);
    const given = await citizen.send('POST', '/consents', { agency: 'housing', purpose: 'housing_queue', case: caseNumber, categories: PROPERTY });
    const [consent] = (JSON.parse(given.text) as { data: { consents: { id: string }[] } }).data.consents;
    country.reset('property');
    const partly = await ask(await housing(), queue(applicant.iin));
    expect(partly.body.data?.citizen?.['lands']).to.be.an('array');
    expect(partly.body.data?.citizen?.spouse?.['lands']).to.equal(null);
    expect(codesAt(partly, 'citizen.spouse')).to.deep.equal(['CONSENT_REQUIRED', 'CONSENT_REQUIRED', 'CONSENT_REQUIRED']);
    // The applicant and two children, never the wife.
    expect(country.stats('property').subjects).to.equal(3);

    await citizen.send('POST', `/consents/${consent?.id ?? ''}/withdraw`, {});
    country.reset('property');
    const afterwards = await ask(await housing(), queue(applicant.iin));
    expect(afterwards.body.data?.citizen?.['lands']).to.equal(null);
    expect(codesAt(afterwards, 'citizen.lands')).to.deep.equal(['CONSENT_WITHDRAWN']);
    expect(country.stats('property').subjects).to.equal(2);
  });

  it('says the same of a number that nobody has', async () => {
    const query = 'query Q($iin: Iin!) { citizen(iin: $iin) { lands { area } } }';
    const before = calls();
    const [somebody, nobody] = [await ask(await housing(), { query, variables: { iin: wife.iin } }), await ask(await housing(), { query, variables: { iin: NOBODY } })];
    const shape = ({ status, body }: Answer): unknown => [status, body.data, body.errors?.map(({ path, extensions }) => [path, extensions.code, extensions.consentRequest?.length])];
    expect(shape(nobody)).to.deep.equal(shape(somebody));
    expect(shape(nobody)).to.not.deep.equal([200, { citizen: { lands: [] } }, undefined]);
    expect(calls()).to.equal(before);
  });

  it('asks about the right person whatever the client calls a field', async () => {
    const aliased = await ask(await housing(), { query: 'query Q($iin: Iin!) { citizen(iin: $iin) { x: iin iin: lastName registration { region } } }', variables: { iin: applicant.iin } });
    expect(aliased.body.data?.citizen).to.deep.include({ x: applicant.iin });
    expect(aliased.body.data?.citizen?.['registration']).to.be.an('object');
  });

  for (const register of REGISTERS.slice(1)) {
    it(`loses only its own fields when ${register} fails`, async () => {
      country.fault(register, 'refuse');
      const answer = await ask(await housing(), queue(applicant.iin)).finally(() => country.fault(register, 'off'));
      expect(answer.status).to.equal(200);
      expect(answer.body.data?.citizen?.['lastName']).to.be.a('string');
      expect((answer.body.errors ?? []).some(({ extensions }) => extensions.code === 'DOWNSTREAM_SERVICE_ERROR')).to.equal(true);
    });
  }

  it('gives receipts that verify, and entries without any number', async () => {
    const { text } = await (await housing()).send('POST', '/graphql', queue(applicant.iin));
    const state = await attachState(stateOptions(await readConfig(country.config, {})));
    try {
      const reader = createAuditReader(state.sql);
      expect(await verifyAnswer(reader, JSON.parse(text))).to.include({ verified: true });
      expect(await verifyAnswer(reader, { ...(JSON.parse(text) as object), data: {} })).to.include({ verified: false });
      const numbers = new Set(country.country.persons.map(({ iin }) => iin));
      const metrics = await (await fetch(`${gateway.operationsUrl}/metrics`)).text();
      const entries = (await reader.list({ limit: 1_000 })).map(({ bytes }) => bytes.toString());
      const found = [...entries, ...logged, metrics].flatMap((written) => written.match(/\d{12}/g) ?? []).filter((digits) => numbers.has(digits));
      expect(entries.length).to.be.greaterThan(10);
      expect(found).to.deep.equal([]);
    } finally {
      await state.close();
    }
  });

  it('answers nothing and asks nothing without its log', async () => {
    const as = await housing();
    const before = calls();
    const { database } = await readConfig(country.config, {});
    process.kill(postmasterPid(join(database.directory, 'data')) ?? expect.fail('no server'), 'SIGQUIT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const answer = await ask(as, queue(applicant.iin));
    expect(answer.status).to.equal(503);
    expect(answer.body.errors?.[0]?.extensions.code).to.equal('AUDIT_UNAVAILABLE');
    expect(answer.body.data ?? null).to.equal(null);
    expect(calls()).to.equal(before);
    expect((await fetch(`${gateway.url}/health/ready`)).status).to.equal(503);
  }).timeout(30_000);
});
