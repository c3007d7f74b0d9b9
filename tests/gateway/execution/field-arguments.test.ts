import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Adapter } from '../../../adapters/port.js';
import { createJsonClient } from '../../../adapters/http/post-json.js';
import { createRestAdapter } from '../../../adapters/rest/rest-adapter.js';
import { readSource } from '../../../adapters/source-file.js';
import type { RestSource } from '../../../adapters/rest/source.js';
import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY } from '../../../demo/country/people.js';
import { taxRegister } from '../../../demo/registers/tax/register.js';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { incomeClass } from '../../../policies/disclosure/derivations/income-class.js';
import { served, type Served } from '../../demo/registers/served.js';
import { runningClock } from '../../doubles.js';
import { fakeGate, memoryAdapter, plain, errorsOf, world, type Rule, type World } from './harness.js';
import { createHttpClient } from '../../../gateway/compose/http-client.js';
import { createRestClient } from '../../../adapters/rest/rest-client.js';

const KEY = 'the key';
const { husband, wife } = HOUSING_FAMILY;
const registers = join(packageRoot(), 'schemas', 'registers');
const PEOPLE = readFileSync(
  join(packageRoot(), 'tests', 'gateway', 'execution', 'family', 'population.graphql'),
  'utf8',
);
const TAX = readFileSync(join(registers, 'tax', 'schema.graphql'), 'utf8');

const PAGE = 10;

function withSmallPages(source: RestSource): RestSource {
  const lists = Object.entries(source.lists).map(
    ([name, list]) => [name, { ...list, page: { ...list.page, items: PAGE } }] as const,
  );
  return { ...source, lists: Object.fromEntries(lists) };
}

/** From the query to the register of taxes and back: planner, executor, REST adapter, server. */
describe('execution: arguments of fields below an entity', () => {
  const source = withSmallPages(readSource(join(registers, 'tax', 'source.yaml')) as RestSource);
  const clock = runningClock();
  let register: Served;
  let tax: Adapter;

  before(async () => {
    register = await served((meter) => taxRegister(generateCountry().taxes, { apiKey: KEY }, meter));
    tax = createRestAdapter({
      register: 'tax',
      source,
      url: register.url,
      client: createRestClient(
        createJsonClient({
          register: 'tax',
          headers: { 'X-Api-Key': KEY },
          clock,
          connections: createHttpClient().open({ maxConnections: 4 }),
          maxResponseBytes: 1_000_000,
        }),
        true,
      ),
      clock,
    });
  });
  beforeEach(() => {
    register.meter.reset();
  });
  after(async () => {
    await tax.close();
    await register.listener.close();
  });

  const over = (rule?: Rule): World => {
    const citizen = (iin: unknown) => ({
      __typename: 'Citizen',
      iin,
      lastName: 'A',
      spouse: { __typename: 'Citizen', iin: iin === husband.iin ? wife.iin : husband.iin },
    });
    const holdings = {
      roots: { citizen: ({ iin }: Readonly<Record<string, unknown>>) => citizen(iin) },
      entity: ({ iin }: Readonly<Record<string, unknown>>) => citizen(iin),
    };
    const derivationsBy = { incomeClass, birthYear: () => null, ageGroup: () => null, pseudonym: () => null };
    const adapters = new Map<string, Adapter>([
      ['population', memoryAdapter('population', holdings)],
      ['tax', tax],
    ]);
    return world(
      { population: { sdl: PEOPLE, ...holdings }, tax: { sdl: TAX } },
      { adapters, clock, derivationsBy, gate: fakeGate(rule) },
    );
  };
  const ask = (document: string, variables: Readonly<Record<string, unknown>> = {}, rule?: Rule) =>
    over(rule).ask(document, { iin: husband.iin, ...variables }, { deadline: clock.monotonic() + 5_000 });

  it('reach the register as literals, variables and defaults, one call for each that differs', async () => {
    const outcome = await ask(
      `query Q($iin: Iin!, $m: Int!, $n: Int!) { citizen(iin: $iin) {
        literal: incomes(months: 1) { month } given: incomes(months: $m) { month amount } fallback: incomes(months: $n) { month } incomes { month }
        pensionContributions(months: $m) { amount fund }
      } }`,
      { m: 2, n: 3 },
    );
    expect(errorsOf(outcome)).to.deep.equal([]);
    const { citizen } = plain(outcome.data) as { citizen: Record<string, readonly unknown[]> };
    expect(citizen['given']).to.deep.equal([
      { month: '2026-02', amount: '420000.00' },
      { month: '2026-01', amount: '420000.00' },
    ]);
    expect(Object.fromEntries(Object.entries(citizen).map(([key, items]) => [key, items.length]))).to.deep.equal({
      literal: 1,
      given: 2,
      fallback: 3,
      incomes: 12,
      pensionContributions: 2,
    });
    expect(register.meter.stats().byOperation).to.deep.equal({ incomes: 4 + 1, pension: 1 });
  });

  it('join pages', async () => {
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { spouse { incomes(months: 36) { amount } } incomes(months: 36) { amount } } }',
    );
    const { citizen } = plain(outcome.data) as {
      citizen: { incomes: readonly unknown[]; spouse: { incomes: readonly unknown[] } };
    };
    expect([citizen.incomes.length, citizen.spouse.incomes.length]).to.deep.equal([36, 36]);
    expect(register.meter.stats().byOperation['incomes']).to.be.within(8, 2 * Math.ceil(36 / PAGE));
  });

  it('ask for no list of a person that is withheld', async () => {
    const outcome = await ask(
      'query Q($iin: Iin!) { citizen(iin: $iin) { taxpayerStatus incomes { amount } spouse { taxpayerStatus incomes { amount } } } }',
      {},
      ({ subject }, category) => category !== 'tax.income' || subject.id !== wife.iin,
    );
    expect(errorsOf(outcome)).to.deep.equal(['citizen.spouse.incomes: CONSENT_REQUIRED']);
    const { citizen } = plain(outcome.data) as { citizen: { spouse: unknown } };
    expect(citizen.spouse).to.deep.equal({ taxpayerStatus: 'ACTIVE', incomes: null });
    expect(register.meter.stats().byOperation['incomes']).to.equal(Math.ceil(12 / PAGE));
    expect(register.meter.stats().subjects).to.equal(2);
  });

  it('derive the class of income without giving an amount away', async () => {
    const outcome = await ask('query Q($iin: Iin!) { citizen(iin: $iin) { incomeClass spouse { incomeClass } } }');
    expect(plain(outcome.data)).to.deep.equal({
      citizen: { incomeClass: 'MIDDLE', spouse: { incomeClass: 'MIDDLE' } },
    });
    expect(register.meter.stats().byOperation['incomes']).to.equal(undefined);
  });
});
