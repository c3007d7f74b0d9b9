import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseSystems } from '../../demo/agencies/case-systems.js';
import { protectionList } from '../../demo/agencies/protection-list.js';
import { ageOn, FACT_DATE } from '../../demo/country/calendar.js';
import { generateCountry, type Country } from '../../demo/country/country.js';
import { DECOYS } from '../../demo/country/decoys.js';
import type { AgencyCase, Person } from '../../demo/country/model.js';
import { HOUSING_FAMILY, SUPPORTED_FAMILY } from '../../demo/country/people.js';
import { addressLine } from '../../demo/country/places.js';
import { protectedDwellings } from '../../demo/country/protected-dwellings.js';
import type { Access } from '../../gateway/cli/client/access.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../schemas/catalogue/public-schema.js';
import { loadRegisters } from '../../schemas/catalogue/register-schema.js';
import { served, type Served } from '../demo/registers/served.js';
import { everyField, probesOf } from './every-field.js';
import { connectedTo } from './people-around.js';
import { startSystem, type Answer, type RunningSystem } from './running-system.js';
import { secretsOf, toldIn, type Told } from './secrets-of-people.js';

const TOKENS = { housing: 'h', social: 's', appeals: 'a', integrity: 'i' };
const LIST_TOKEN = 'p';
/** How many links from the person asked about a document goes. */
const LINKS = 2;

/** Every system that may ask for people by number: a purpose, its document, and what consent can open for it. */
const CALLERS = [
  {
    client: 'housing',
    agency: 'housing',
    purpose: 'housing_queue',
    prefix: 'HQ',
    kind: 'application',
    document: { documentId: 'HousingQueue', variable: 'iin' },
    consents: ['property.land', 'property.buildings', 'property.vehicles'],
  },
  {
    client: 'social',
    agency: 'social',
    purpose: 'proactive_support',
    prefix: 'PS',
    kind: 'list',
    document: { documentId: 'FamilyCard', variable: 'iin' },
    consents: [],
  },
  {
    client: 'allowances',
    agency: 'social',
    purpose: 'birth_allowance',
    prefix: 'BA',
    kind: 'application',
    document: { documentId: 'BirthAllowance', variable: 'childIin' },
    consents: ['tax.income'],
  },
  {
    client: 'integrity',
    agency: 'integrity',
    purpose: 'declaration_check',
    prefix: 'DC',
    kind: 'list',
    document: { documentId: 'DeclarationCheck', variable: 'iin' },
    consents: [],
  },
] as const;

type Caller = (typeof CALLERS)[number];
type Listed = Pick<Country, 'protectedPeople' | 'protectedDwellings'>;

/**
 * Asks for every field of the demo's schema, for every purpose and caller that the demo grants, about everyone who is
 * connected with a protected person, and looks in the answers for numbers, names and homes of protected people. With the
 * list emptied the same search finds them.
 */
describe('answers about people connected with protected people', function () {
  this.timeout(300_000);
  const country = generateCountry();
  const schema = buildPublicSchema(
    composeCatalogue(loadRegisters(join(packageRoot(), 'schemas', 'registers'))).publicSdl,
  );
  /** A mother; a wife with a husband in the queue; a grandmother in the home that her son owns; one of a couple who own theirs together. */
  const people = [
    ...country.protectedPeople,
    HOUSING_FAMILY.wife.iin,
    SUPPORTED_FAMILY.grandmother?.iin ?? expect.fail('no grandmother'),
    coOwner(country),
  ];
  const protectedNow: Listed = {
    protectedPeople: people,
    protectedDwellings: protectedDwellings(people, country.addresses, country.property.buildings),
  };
  const secrets = secretsOf(people, country);
  const asked = [...new Set(people.flatMap((iin) => [iin, ...connectedTo(iin, country)]))];
  const canSignIn = (iin: string): boolean => country.persons.some((one) => one.iin === iin && isAdult(one));
  const cases = [
    ...CALLERS,
    { agency: 'appeals', purpose: 'appeal_review', prefix: 'AP', kind: 'application' } as const,
  ].flatMap(({ agency, purpose, prefix, kind }) =>
    asked.map((subject, position): AgencyCase => ({
      agency,
      number: numberOf(prefix, position),
      status: 'open',
      purpose,
      kind,
      reference: `${agency}/${kind}/${position}`,
      subject,
    })),
  );
  const seen = new Map<Caller, ReadonlySet<string>>();
  let listed = protectedNow;
  let folder: string;
  let facts: Served;
  let list: Served;
  let system: RunningSystem;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-joining-'));
    facts = await served((meter) => caseSystems(cases, TOKENS, meter));
    list = await served((meter) => (request) => protectionList(listed, LIST_TOKEN, meter)(request));
    const secret = (name: string, token: string): string => {
      const path = join(folder, name);
      writeFileSync(path, token, { mode: 0o600 });
      return path;
    };
    const limits = { timeout_ms: 2_000, max_response_bytes: 1_000_000 };
    const sources = Object.fromEntries(
      Object.entries(TOKENS).map(([agency, token]) => [agency, { url: facts.url, token_file: secret(agency, token) }]),
    );
    system = await startSystem((config) => ({
      ...config,
      // Asking for every field one after the other is more than a system may ask for in the demo.
      authentication: {
        ...config.authentication,
        systems: config.authentication.systems.map((one) => ({ ...one, requests_per_second: 1_000, burst: 10_000 })),
      },
      // A category that is denied takes nothing else from the answer, so that one document asks for everything.
      authorization: { ...config.authorization, on_denied: 'withhold' },
      limits: { ...config.limits, document: { ...config.limits.document, tokens: 20_000, fields: 20_000 } },
      policies: {
        ...config.policies,
        nexus: { ...limits, sources },
        protection: { ...limits, decoys: [...DECOYS], url: list.url, token_file: secret('protection', LIST_TOKEN) },
      },
    }));
    for (const caller of CALLERS) seen.set(caller, await seenBy(caller));
    await giveConsents();
  });
  after(async () => {
    await (system as RunningSystem | undefined)?.stop();
    await facts.listener.close();
    await list.listener.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The fields that a caller can see, found by asking for each alone, in a case that there is not. */
  async function seenBy({ client, purpose }: Caller): Promise<ReadonlySet<string>> {
    const access = await system.as(client, purpose, 'ZZ-2026-000000');
    const visible = new Set<string>();
    for (const { coordinate, document } of probesOf(schema)) {
      const { errors } = await system.ask(access, { query: document, variables: { iin: asked[0] } });
      const [code] = errors.map(({ extensions }) => extensions.code);
      expect(code, coordinate).to.be.oneOf(['GRAPHQL_VALIDATION_FAILED', 'CASE_NOT_OPEN']);
      if (code === 'CASE_NOT_OPEN') visible.add(coordinate);
    }
    return visible;
  }

  /** Everyone consents to everything that they can be asked for, in each case about them or someone of theirs. */
  async function giveConsents(): Promise<void> {
    const signedIn = new Map<string, Access>();
    for (const { agency, purpose, prefix, consents } of CALLERS.filter((caller) => caller.consents.length > 0)) {
      for (const [position, subject] of asked.entries()) {
        for (const person of [subject, ...connectedTo(subject, country)].filter(canSignIn)) {
          const access = signedIn.get(person) ?? (await system.citizen(person));
          signedIn.set(person, access);
          const given = { agency, purpose, case: numberOf(prefix, position), categories: [...consents] };
          expect((await system.ask(access, given, '/consents')).status).to.be.oneOf([200, 201]);
        }
      }
    }
  }

  async function ask(caller: Caller, iin: string): Promise<readonly Answer[]> {
    const access = await system.as(caller.client, caller.purpose, numberOf(caller.prefix, asked.indexOf(iin)));
    const { documentId, variable } = caller.document;
    const query = everyField(schema, (coordinate) => seen.get(caller)?.has(coordinate) === true, LINKS);
    return [
      await system.ask(access, { query, variables: { iin } }),
      await system.ask(access, { documentId, variables: { [variable]: iin } }),
    ];
  }

  /** What the AI service for appeals learns of a person, by a handle that the agency obtained. */
  async function askByHandle(iin: string): Promise<Answer> {
    const number = numberOf('AP', asked.indexOf(iin));
    const issued = await system.ask(
      await system.as('appeals', 'appeal_review', number),
      { iin, for: 'appeals-ai' },
      '/handles',
    );
    return system.ask(await system.as('appeals-ai', 'appeal_review', number), {
      documentId: 'AppealContext',
      variables: { person: issued.data?.['handle'] },
    });
  }

  const toldBy = (what: string, ...answers: readonly Answer[]): readonly Told[] =>
    answers.flatMap(({ text }) => toldIn(what, text, secrets));

  /** What the answers about these people tell their callers. */
  async function told(subjects: readonly string[], callers: readonly Caller[] = CALLERS): Promise<readonly Told[]> {
    const found: Told[] = [];
    for (const caller of callers)
      for (const iin of subjects) found.push(...toldBy(`${caller.purpose} about ${iin}`, ...(await ask(caller, iin))));
    return found;
  }

  it('are asked for with every field that a rule opens to any of the callers', () => {
    const visible = new Set([...seen.values()].flatMap((coordinates) => [...coordinates]));
    const hidden = probesOf(schema).filter(({ coordinate }) => !visible.has(coordinate));
    const opened = readFileSync(join(packageRoot(), 'policies', 'cases', 'allowed.txt'), 'utf8')
      .split('\n')
      .filter((line) => CALLERS.some(({ agency, purpose }) => line.startsWith(`${agency} | ${purpose} |`)))
      .map((line) => line.split('|')[2]?.trim().split(' ')[1]);
    const { governance } = composeCatalogue(loadRegisters(join(packageRoot(), 'schemas', 'registers')));
    for (const { coordinate } of hidden) {
      const [type = '', field = ''] = coordinate.split('.');
      for (const category of governance.categoriesOf(type, field)) expect(opened, coordinate).to.not.include(category);
    }
    expect([...visible]).to.include.members([
      'Citizen.spouse',
      'Citizen.children',
      'Citizen.parents',
      'Registration.household',
      'Registration.dwellingCode',
      'Registration.flat',
      'Building.address',
    ]);
  });

  it('tell no number, name or home of a protected person', async () => {
    listed = protectedNow;
    expect(await told(asked)).to.deep.equal([]);
    for (const iin of asked) {
      const [everything] = await ask(CALLERS[0], iin);
      expect(everything?.status).to.equal(200);
      expect(everything?.text.includes(iin), 'others are answered about').to.equal(!people.includes(iin));
      expect(toldBy('by handle', await askByHandle(iin))).to.deep.equal([]);
      if (people.includes(iin) || !canSignIn(iin)) continue;
      const own = await system.ask(await system.citizen(iin), { documentId: 'PensionCard', variables: { iin } });
      expect(toldBy('own data', own)).to.deep.equal([]);
    }
  });

  it('would tell numbers, names and homes if no one were protected', async () => {
    listed = { protectedPeople: [], protectedDwellings: [] };
    for (const person of people) {
      const found = await told([person, ...connectedTo(person, country)], [CALLERS[0], CALLERS[3]]);
      const kinds = found.filter((one) => one.person === person).map(({ kind }) => kind);
      expect(kinds, person).to.include.members(['number', 'name', 'dwelling code', 'address']);
    }
  });

  it('would tell homes, in both registers, if the list knew the people only', async () => {
    listed = { ...protectedNow, protectedDwellings: [] };
    const found = await told(asked, [CALLERS[0], CALLERS[3]]);
    const kinds = new Set(found.map(({ kind }) => kind));
    expect([...kinds]).to.have.members(['dwelling code', 'address', 'address in one line', 'cadastral number']);
    expect(new Set(found.map(({ person }) => person))).to.have.length(people.length);
  });
});

function numberOf(prefix: string, position: number): string {
  return `${prefix}-2026-${String(910_000 + position)}`;
}

function isAdult({ birthDate, lifeStatus }: Person): boolean {
  return lifeStatus === 'ALIVE' && ageOn(birthDate, FACT_DATE) >= 18;
}

/** Returns one of two people who own the dwelling where both live, with children and records without defects. */
function coOwner({ property, addresses, persons, defects }: Country): string {
  const homes = new Map(addresses.map(({ iin, current }) => [iin, current && addressLine(current.dwelling)]));
  const spoilt = new Set(Object.values(defects).flat());
  const shared = property.buildings.filter(
    ({ share, owner, address }) => share === '1/2' && homes.get(owner) === address && !spoilt.has(owner),
  );
  const found = shared.find(
    ({ owner, address }) =>
      shared.filter((one) => one.address === address).length === 2 &&
      persons.some(({ iin, childrenIins }) => iin === owner && childrenIins.length > 0),
  );
  return found?.owner ?? expect.fail('no one owns a dwelling together with someone who lives there');
}
