import { randomBytes, randomUUID } from 'node:crypto';
import { buildASTSchema, execute, parse, type GraphQLSchema } from 'graphql';
import { createGraphqlAdapter } from '../adapters/graphql/graphql-adapter.js';
import { buildSubgraphSchema } from '../demo/registers/subgraph-schema.js';
import { AccessRecord } from '../gateway/access/access-record.js';
import { systemClock } from '../gateway/compose/clock.js';
import { createExecutor } from '../gateway/execution/executor.js';
import { QUERIES_ONLY } from '../gateway/planning/document/validate.js';
import { createPlanner } from '../gateway/planning/planner/planner.js';
import { createDocumentPreparer } from '../gateway/planning/prepare.js';
import { recordQuestion } from '../gateway/stages/record/graphql.js';
import { SEALS_NOTHING } from '../monitoring/identity/identity-sealing.js';
import { prepareEntry } from '../monitoring/audit/append/prepared-entry.js';
import type { AuditLog } from '../monitoring/audit/port.js';
import { createPseudonyms } from '../policies/disclosure/pseudonyms.js';
import { createSubjectGate } from '../policies/gate/subject-gate.js';
import type { CategoryDecision } from '../policies/decision/port.js';
import type { Purpose } from '../policies/decision/purposes.js';
import type { CaseFacts } from '../policies/gate/subject-nexus.js';
import { composeCatalogue } from '../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../schemas/catalogue/public-schema.js';
import { parseRegister } from '../schemas/catalogue/register-schema.js';
import { checkDigit } from '../schemas/identifiers/iin.js';
import { LIMITS, Recorded } from './in-process.js';

/**
 * A household of which everything is governed: the registers answer from memory, the gate decides on each person, and the
 * completion is made and hashed. Case system, list of protected people, consents and log are stand-ins that answer at once.
 */

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@subject", "@subjectArgument", "@category", "@listSize"])
scalar Iin
`;
const ENTITY = 'type Citizen @key(fields: "iin") @subject(field: "iin")';
const IIN = 'iin: Iin! @category(name: "population.identifier")';

const REGISTERS: Readonly<Record<string, string>> = {
  population: `type Query { citizen(iin: Iin! @subjectArgument): Citizen @category(name: "population.identifier") }
    ${ENTITY} @category(name: "population.identity") { ${IIN} name: String birthDate: String }`,
  household: `${ENTITY} { ${IIN} household: [Citizen!] @listSize(assumedSize: 200) @subject(field: "iin", role: "household") @category(name: "household.members") }`,
  address: `${ENTITY} { ${IIN} address: Address @category(name: "address.current") }
    type Address @category(name: "address.current") { region: String city: String street: String house: String flat: String postalCode: String }`,
  tax: `${ENTITY} { ${IIN} income: [Income] @listSize(assumedSize: 10) @category(name: "tax.income") }
    type Income @category(name: "tax.income") { year: Int employerBin: String amount: Int currency: String }`,
  vehicles: `${ENTITY} { ${IIN} vehicles: [Vehicle] @listSize(assumedSize: 10) @category(name: "vehicles.owned") }
    type Vehicle @category(name: "vehicles.owned") { plate: String make: String model: String year: Int }`,
};

const QUESTION = `query Household($iin: Iin!) { citizen(iin: $iin) { iin name household { iin name birthDate
  address { region city street house flat postalCode } income { year employerBin amount currency } vehicles { plate make model year } } } }`;

const CATEGORIES = ['population.identifier', 'population.identity', 'household.members', 'address.current'];
const BY_LAW = [...CATEGORIES, 'vehicles.owned'];
const INCOME = 'tax.income';
const NEVER = Number.MAX_SAFE_INTEGER;
const AGENCY = { id: 'bench', bin: '900140000007' };
const CASE = { agency: 'bench', number: 'B-1' };
const CALLER = { agency: AGENCY, system: 'bench', kind: 'system', assurance: 'none' } as const;
const PURPOSE: Purpose = {
  name: 'bench',
  title: 'Measuring',
  law: 'none',
  earlierTexts: [],
  bases: ['public_task', 'consent'],
  caseRequired: true,
  assurance: 'none',
  relations: ['household'],
  maxSubjects: 1_000,
};

interface Entity {
  readonly iin: string;
}

/** Numbers with a valid check digit. */
const NUMBERS = [...Array(300).keys()].flatMap((position) => {
  const eleven = `8001013${String(position).padStart(4, '0')}`;
  const digit = checkDigit(eleven);
  return digit === undefined ? [] : [`${eleven}${digit}`];
});

const numberOf = (position: number): string => NUMBERS[position] ?? '';

/** What the case system answered about the person named. */
const ANSWERED = {
  source: AGENCY.id,
  answeredAt: '2026-01-01T00:00:00.000Z',
  people: [numberOf(0)],
  facts: { question: { case: CASE.number }, answer: { facts: [{ subject: 0, kind: 'application' }] } },
};

function recordOf({ iin }: Entity): Record<string, unknown> {
  return {
    iin,
    name: `Ахметова Айгуль ${iin}`,
    birthDate: '1980-01-01',
    address: {
      region: 'Алматы',
      city: 'Алматы',
      street: 'Абая',
      house: '10',
      flat: iin.slice(-2),
      postalCode: '050000',
    },
    income: [2024, 2025].map((year) => ({ year, employerBin: '900140000007', amount: 2_407_919, currency: 'KZT' })),
    vehicles: [{ plate: `${iin.slice(-3)}ABC02`, make: 'Toyota', model: 'Camry', year: 2015 }],
  };
}

const FIELD_OF: Readonly<Record<string, string>> = { tax: 'income' };

/** Answers of the registers about a household of this many people. */
function answersOf(people: number): Recorded {
  const members = [...Array(people - 1).keys()].map((position) => recordOf({ iin: numberOf(position + 1) }));
  const schemas = new Map<string, GraphQLSchema>(
    Object.entries(REGISTERS).map(([name, sdl]) => {
      const fields = name === 'population' ? ['name', 'birthDate'] : [FIELD_OF[name] ?? name];
      const own = Object.fromEntries(fields.map((field) => [field, (entity: Entity) => recordOf(entity)[field]]));
      const resolvers = {
        Citizen: { ...own, ...(name === 'household' ? { household: () => members } : {}) },
        ...(name === 'population' ? { Query: { citizen: (_: unknown, asked: Entity) => asked } } : {}),
      };
      return [`${name}.test`, buildSubgraphSchema({ typeDefs: parse(HEAD + sdl), resolvers })] as const;
    }),
  );
  return new Recorded(async ({ hostname }, body) => {
    const schema = schemas.get(hostname);
    if (schema === undefined) throw new Error(`no register ${hostname}`);
    const { query, variables } = body as { query: string; variables: Record<string, unknown> };
    return JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables }));
  });
}

const DECISIONS: readonly CategoryDecision[] = (['read', 'disclose'] as const).flatMap((access) => [
  ...BY_LAW.map((category) => ({
    category,
    access,
    permissions: (['application', 'relation'] as const).map((nexus) => ({
      basis: 'public_task' as const,
      nexus,
      policies: ['bench-by-law'],
      laws: [],
    })),
  })),
  { category: INCOME, access, permissions: [{ basis: 'consent', policies: ['bench-income'], laws: [] }] },
]);

/** One log that makes and hashes entries, and keeps none. */
const LOG: Pick<AuditLog, 'append'> = {
  append: async (draft) => {
    const { leaf } = prepareEntry(draft);
    return { log: 'bench/0', index: 0, leafHash: leaf.toString('hex') };
  },
};

/** Returns the work for a household of this many people: the person named and all others, who are reached over a link. */
export async function governedHousehold(people: number): Promise<() => Promise<unknown>> {
  const registers = Object.entries(REGISTERS).map(([name, sdl]) => parseRegister(name, HEAD + sdl));
  const catalogue = composeCatalogue(registers);
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const preparer = createDocumentPreparer({
    ...{ catalogue, publicSchema, limits: LIMITS, maxDocuments: 1, maxPlanning: 1, allowedOperations: QUERIES_ONLY },
    planner: createPlanner(catalogue.supergraphSdl, { deadlineMs: 30_000 }),
  });
  const clock = systemClock({ timeZone: 'Asia/Almaty', factDate: undefined });
  const recorded = answersOf(people);
  const executor = createExecutor({
    publicSchema,
    supergraphSchema: buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
    governance: catalogue.governance,
    adapters: new Map(
      registers.map(({ name }) => [
        name,
        createGraphqlAdapter({
          register: name,
          url: `http://${name}.test/`,
          client: recorded.client,
          carriesCallId: true,
        }),
      ]),
    ),
    quality: { prepare: () => undefined, contractVersion: () => '1.0.0' },
    derivations: new Map(),
    clock,
    observer: { count: () => undefined, duration: () => undefined, log: () => undefined, gauge: () => undefined },
    registerTimeoutMs: () => 5_000,
  });
  const planned = await preparer.prepare(QUESTION, undefined, undefined, { variables: {} });
  const named = numberOf(0);
  const variables = { iin: named };
  const pseudonyms = createPseudonyms(Buffer.alloc(32, 1));
  const facts: CaseFacts = new Map([[named, [{ kind: 'application', reference: CASE.number }]]]);
  return async () => {
    const access = new AccessRecord('bench');
    access.recordNexus(ANSWERED);
    access.recordIntent([named]);
    const gate = createSubjectGate({
      ...{ caller: CALLER, purpose: PURPOSE, case: CASE, decisions: DECISIONS, deadline: NEVER },
      reads: new Map([[INCOME, ['Citizen.income']]]),
      caseFacts: async () => facts,
      consents: {
        states: async ({ subjects }) =>
          new Map(
            subjects.map((id) => [
              id,
              [{ consentId: `c-${id}`, revision: 1, categories: [INCOME], status: 'given' as const }],
            ]),
          ),
      },
      protection: { amongThem: async () => ({ subjects: new Set<string>(), dwellings: new Set<string>() }) },
      decoyFor: () => undefined,
      factDate: clock.factDate(),
      sealRequest: () => '',
    });
    const outcome = await executor.execute({
      ...{ requestId: 'bench', accessRecord: access, planned, variables, gate, deadline: NEVER },
      ...{
        onBehalfOf: { system: 'bench', purpose: 'bench' },
        receiver: 'bench',
        caseNumber: CASE.number,
        atomic: false,
      },
    });
    const request = {
      ...{ requestId: 'bench', access, outcome, caller: CALLER, startedAt: 0, http: {}, subjects: [named] },
      question: {
        ...{ surface: 'graphql', purpose: 'bench', case: CASE, documentHash: 'b'.repeat(64) },
        ...{ documentName: 'Household', operationName: 'Household' },
      },
      work: { planned, text: QUESTION, variables },
    } as never as Parameters<typeof recordQuestion>[0];
    const recordedAnswer = await recordQuestion(request, {
      ...{
        audit: LOG as AuditLog,
        clock,
        pseudonyms,
        policySet: 'bench',
        catalogue: catalogue.hash,
        configuration: 'bench',
      },
      random: { bytes: (length: number) => randomBytes(length), uuid: () => randomUUID() },
      identities: SEALS_NOTHING,
      contractVersion: () => '1.0.0',
    });
    JSON.stringify(recordedAnswer.result);
    return outcome;
  };
}
