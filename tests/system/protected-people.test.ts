import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseSystems } from '../../demo/agencies/case-systems.js';
import { protectionList } from '../../demo/agencies/protection-list.js';
import { DECOYS } from '../../demo/country/decoys.js';
import { generateCountry } from '../../demo/country/country.js';
import type { AgencyCase } from '../../demo/country/model.js';
import { UNKNOWN_NUMBER } from '../../demo/country/people.js';
import type { Config } from '../../gateway/config/schema.js';
import type { CompletionBody } from '../../monitoring/audit/entries.js';
import { served, type Served } from '../demo/registers/served.js';
import { REGISTERS, startSystem, type Answer, type RunningSystem } from './running-system.js';

const TOKENS = { housing: 'h', social: 's', appeals: 'a', integrity: 'i' };
const LIST_TOKEN = 'p';

describe('protected people', function () {
  this.timeout(60_000);
  const country = generateCountry();
  const [mother = ''] = country.protectedPeople;
  const child =
    country.persons.find(
      ({ iin, parentsIins }) => parentsIins.includes(mother) && country.cases.some(({ subject }) => subject === iin),
    ) ?? expect.fail('no child');
  const [father = ''] = child.parentsIins.filter((iin) => iin !== mother);
  const childCase = country.cases.find(({ subject }) => subject === child.iin)?.number ?? '';
  const loneAct =
    country.civilActs.find(({ parentsIins }) => parentsIins.length === 1) ??
    expect.fail('everyone has two parents, or none');
  const [onlyParent = ''] = loneAct.parentsIins;
  const unregistered =
    country.persons.find(
      ({ iin, lifeStatus, spouseIin, childrenIins }) =>
        lifeStatus === 'ALIVE' &&
        spouseIin === null &&
        childrenIins.length === 0 &&
        country.addresses.some((one) => one.iin === iin && one.current === null),
    ) ?? expect.fail('everyone is registered somewhere');
  /** Cases that the country does not have: about the protected person, about no one, and about someone whose act names one parent. */
  const cases: readonly AgencyCase[] = [
    ...country.cases,
    {
      agency: 'housing',
      number: 'HQ-2026-900001',
      status: 'open',
      purpose: 'housing_queue',
      kind: 'application',
      reference: 'housing/application/1',
      subject: mother,
    },
    {
      agency: 'housing',
      number: 'HQ-2026-900002',
      status: 'open',
      purpose: 'housing_queue',
      kind: 'application',
      reference: 'housing/application/2',
      subject: UNKNOWN_NUMBER,
    },
    {
      agency: 'social',
      number: 'BA-2026-900003',
      status: 'open',
      purpose: 'birth_allowance',
      kind: 'application',
      reference: 'social/application/3',
      subject: loneAct.iin,
    },
    {
      agency: 'housing',
      number: 'HQ-2026-900004',
      status: 'open',
      purpose: 'housing_queue',
      kind: 'application',
      reference: 'housing/application/4',
      subject: child.iin,
    },
    {
      agency: 'housing',
      number: 'HQ-2026-900005',
      status: 'open',
      purpose: 'housing_queue',
      kind: 'application',
      reference: 'housing/application/5',
      subject: unregistered.iin,
    },
  ];
  let folder: string;
  let facts: Served;
  let list: Served;
  let system: RunningSystem;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-protected-'));
    facts = await served((meter) => caseSystems(cases, TOKENS, meter));
    list = await served((meter) => protectionList(country, LIST_TOKEN, meter));
    system = await startSystem((config) => ({
      ...config,
      policies: { ...config.policies, ...asking(facts.url, list.url, folder) },
    }));
  });
  beforeEach(() => {
    list.fault.mode = 'off';
    list.meter.reset();
    for (const register of REGISTERS) system.country.reset(register);
  });
  after(async () => {
    await (system as RunningSystem | undefined)?.stop();
    await facts.listener.close();
    await list.listener.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const queue = async (number: string, iin: string): Promise<Answer> =>
    system.ask(await system.as('housing', 'housing_queue', number), { documentId: 'HousingQueue', variables: { iin } });
  const allowance = async (number: string, childIin: string): Promise<Answer> =>
    system.ask(await system.as('allowances', 'birth_allowance', number), {
      documentId: 'BirthAllowance',
      variables: { childIin },
    });
  const consent = async (parent: string, number: string): Promise<Answer> =>
    system.ask(
      await system.citizen(parent),
      { agency: 'social', purpose: 'birth_allowance', case: number, categories: ['tax.income'] },
      '/consents',
    );
  const completion = async ({ tereze }: Answer): Promise<CompletionBody> =>
    (await system.entries(tereze.requestId)).find((entry): entry is CompletionBody => entry.kind === 'completion') ??
    expect.fail('no completion');

  it('are answered about like a number that no one has', async () => {
    const [hidden, unknown] = [await queue('HQ-2026-900001', mother), await queue('HQ-2026-900002', UNKNOWN_NUMBER)];
    expect(hidden.status).to.equal(200);
    expect(hidden.data).to.deep.equal({ citizen: null });
    expect(withoutIds(hidden)).to.deep.equal(withoutIds(unknown));
  });

  it('are asked about of no register: it is asked about a number that was never issued', async () => {
    await queue('HQ-2026-900001', mother);
    const people = REGISTERS.flatMap((register) => system.country.people(register));
    expect(people).to.have.length(1);
    expect(DECOYS).to.include.members(people);
    expect(list.meter.stats()).to.include({ calls: 1, subjects: 1 });
  });

  it('are refused to who has no basis like a number that no one has', async () => {
    const [hidden, unknown] = [await queue('HQ-2026-000101', mother), await queue('HQ-2026-000101', UNKNOWN_NUMBER)];
    expect(hidden.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['POLICY_DENIED']);
    expect(withoutIds(hidden)).to.deep.equal(withoutIds(unknown));
  });

  it('are no parent of their child: the act names one, whose consent is enough', async () => {
    const before = [await allowance(childCase, child.iin), await allowance('BA-2026-900003', loneAct.iin)] as const;
    expect(codes(before[0])).to.deep.equal(['citizen.parents.0.incomes CONSENT_REQUIRED']);
    expect(shape(before[0])).to.deep.equal(shape(before[1]));
    expect((await consent(father, childCase)).status).to.be.below(300);
    expect((await consent(onlyParent, 'BA-2026-900003')).status).to.be.below(300);
    for (const register of REGISTERS) system.country.reset(register);
    const released = await allowance(childCase, child.iin);
    expect(released.data).to.have.nested.property('citizen.parents').that.has.length(1);
    expect(released.data).to.have.nested.property('citizen.parents[0].iin', father);
    expect(system.country.stats('population').subjects).to.equal(2);
    expect(system.country.stats('address').subjects).to.equal(1);
    expect(shape(released)).to.deep.equal(shape(await allowance('BA-2026-900003', loneAct.iin)));
    expect(released.text).to.not.include(mother);
  });

  it('have a home that the register does not have, for a child who lives there', async () => {
    const outcome = await queue('HQ-2026-900004', child.iin);
    const home = country.addresses.find(({ iin }) => iin === mother)?.current?.dwelling ?? expect.fail('no home');
    expect([outcome.status, codes(outcome)]).to.deep.equal([200, []]);
    expect(outcome.data).to.have.nested.property('citizen.iin', child.iin);
    expect(outcome.data).to.have.nested.property('citizen.registration', null);
    for (const secret of [home.code, home.street, mother]) expect(outcome.text).to.not.include(secret);
    const { registers, ...body } = await completion(outcome);
    expect(body).to.include({ protectedDwellings: 1 }).and.to.not.have.property('protected');
    expect(registers.map(({ register }) => register)).to.include('address');
    expect(JSON.stringify(body)).to.not.include(home.code);
    expect(outcome.text).to.not.match(/protect|dwelling/i);
    expect(system.logged.join('\n')).to.not.include(home.code);
    // Once about the child before any call, then about the dwelling that the address register told; and about none of property.
    const calls = list.meter.stats().calls;
    const categories = ['property.land', 'property.buildings', 'property.vehicles'];
    const given = { agency: 'housing', purpose: 'housing_queue', case: 'HQ-2026-900005', categories };
    expect((await system.ask(await system.citizen(unregistered.iin), given, '/consents')).status).to.be.below(300);
    list.meter.reset();
    const nowhere = await queue('HQ-2026-900005', unregistered.iin);
    expect(nowhere.data).to.have.nested.property('citizen.registration', null);
    expect(list.meter.stats().calls).to.equal(calls);
  });

  it('are counted in the log, without a number and never for the caller', async () => {
    const [hidden, open] = [await queue('HQ-2026-900001', mother), await queue('HQ-2026-900002', UNKNOWN_NUMBER)];
    const body = await completion(hidden);
    expect(body).to.include({ protected: 1, schemaVersion: 4, outcome: 'answered' });
    expect(body.registers.map(({ register, calls }) => [register, calls])).to.deep.equal([['population', 1]]);
    expect([body.disclosed, body.subjects.length]).to.deep.equal([[], 1]);
    expect(JSON.stringify(body)).to.not.include(mother);
    expect(await completion(open)).to.not.have.property('protected');
    expect(hidden.text).to.not.match(/protect/i);
    expect(system.logged.join('\n')).to.not.include(mother);
  });

  it('are not asked about when no one says who is protected: nothing is answered', async () => {
    list.fault.mode = '500';
    const answer = await queue('HQ-2026-900002', UNKNOWN_NUMBER);
    expect(answer.status).to.equal(503);
    expect(answer.errors.map(({ extensions }) => extensions.code)).to.deep.equal(['PROTECTION_UNAVAILABLE']);
    expect(system.calls()).to.equal(0);
  });
});

/** Case systems and list at these addresses, with the secrets of this test. */
function asking(factsUrl: string, listUrl: string, folder: string): Pick<Config['policies'], 'nexus' | 'protection'> {
  const file = (name: string, token: string): string => {
    const path = join(folder, name);
    writeFileSync(path, token, { mode: 0o600 });
    return path;
  };
  const limits = { timeout_ms: 2_000, max_response_bytes: 1_000_000 };
  const sources = Object.fromEntries(
    Object.entries(TOKENS).map(([agency, token]) => [agency, { url: factsUrl, token_file: file(agency, token) }]),
  );
  return {
    nexus: { ...limits, sources },
    protection: { ...limits, decoys: [...DECOYS], url: listUrl, token_file: file('protection', LIST_TOKEN) },
  };
}

const codes = ({ errors }: Answer): readonly string[] =>
  errors.map(({ path = [], extensions }) => `${path.join('.')} ${extensions.code}`);

/** The whole answer but for ids, times and receipts. */
function withoutIds({ status, text }: Answer): unknown {
  return {
    status,
    body: JSON.parse(text, (key, value: unknown) =>
      ['requestId', 'receipt', 'retrievedAt', 'consentRequest'].includes(key) ? `some ${key}` : value,
    ) as unknown,
  };
}

/** The form of an answer, without its ids and texts. Lists of payments may differ. */
function shape(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(withoutIds(answer)), (key, value: unknown) => {
    if (key === 'incomes' && Array.isArray(value)) return 'a list';
    if (key === 'records' || key === 'verdict') return 'judged';
    return typeof value === 'string' && !/^[A-Z_]+$/.test(value) ? 'text' : value;
  });
}
