import { composeServices } from '@theguild/federation-composition';
import { buildASTSchema, Kind, parse, print, type DocumentNode } from 'graphql';
import type { Adapter, FetchSelection, GroupAnswer, RegisterCall, SelectedField } from '../../../adapters/port.js';
import { createExecutor, type ExecutorDependencies } from '../../../gateway/execution/executor.js';
import type { Execution, ExecutionOutcome } from '../../../gateway/execution/port.js';
import { QUERIES_ONLY } from '../../../gateway/planning/document/validate.js';
import type { PlannedDocument } from '../../../gateway/planning/plan.js';
import { createPlanner } from '../../../gateway/planning/planner/planner.js';
import { createDocumentPreparer } from '../../../gateway/planning/prepare.js';
import { composeCatalogue } from '../../../schemas/catalogue/compose.js';
import type { Catalogue } from '../../../schemas/catalogue/governance.js';
import { collectGovernance, governanceIndex } from '../../../schemas/catalogue/governance-index.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { parseRegister, type RegisterSchema } from '../../../schemas/catalogue/register-schema.js';
import { stripGovernance } from '../../../schemas/catalogue/strip-directives.js';
import type { Gate, GateAnswer, GateQuestion, Grant } from '../../../schemas/ports/gate.js';
import type { Quality } from '../../../schemas/ports/quality.js';
import type { Derive } from '../../../policies/disclosure/port.js';
import { silentObserver, standingClock } from '../../doubles.js';
import type { RegisterUse } from '../../../gateway/access/register-reads.js';
import { AccessRecord } from '../../../gateway/access/access-record.js';
import { registersOf } from '../../recorded-calls.js';

/** Head of small registers' schemas. */
const HEAD = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires", "@provides", "@shareable", "@interfaceObject", "@inaccessible"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@subject", "@subjectArgument", "@category", "@derived", "@listSize", "@dwelling"])
`;

/** Numbers of no one alive. */
export const APPLICANT = '800101390011';
export const SPOUSE = '820202490010';
export const CHILD = '150303590015';
export const SECOND_CHILD = '150303590025';
export const UNKNOWN_NUMBER = '850505490013';

export type Thing = { readonly __typename: string; readonly [field: string]: unknown };
export type Resolve = (args: Readonly<Record<string, unknown>>) => unknown;

/** What a register in memory holds. */
export interface Holdings {
  /** Root fields. */
  readonly roots?: Readonly<Record<string, Resolve>>;
  /** An entity by its representation; undefined and null: no one. */
  readonly entity?: (representation: Readonly<Record<string, unknown>>) => Thing | null | undefined;
}

/** One call as the register saw it. */
export interface SeenCall {
  readonly register: string;
  readonly deadline: number;
  readonly groups: readonly {
    readonly operation: string;
    readonly fields: readonly string[];
    readonly keys: readonly unknown[] | undefined;
    readonly variables: Readonly<Record<string, unknown>>;
  }[];
}

export type FakeAdapter = Adapter & {
  readonly calls: SeenCall[];
  /** Replaces or changes the next answers. */
  intercept:
    ((call: RegisterCall, answer: () => readonly GroupAnswer[]) => Promise<readonly GroupAnswer[]>) | undefined;
};

interface Prepared {
  readonly register: string;
  readonly selection: FetchSelection;
}

/** An adapter in memory that records every call and answers what was selected, and only that. */
export function memoryAdapter(
  register: string,
  holdings: Holdings,
  log: SeenCall[] = [],
  interfaces: ReadonlySet<string> = new Set(),
): FakeAdapter {
  const adapter: FakeAdapter = {
    register,
    calls: [],
    intercept: undefined,
    prepare: (selection) => ({ register, selection }) as Prepared,
    read: async (call) => {
      const groups = call.groups.map(({ prepared, variables, keys }) => {
        const { selection } = prepared as Prepared;
        return {
          operation: print(selection.operation).replace(/\s+/g, ' '),
          fields: names(selection.fields),
          keys,
          variables,
        };
      });
      const seen = { register, deadline: call.deadline, groups };
      adapter.calls.push(seen);
      log.push(seen);
      call.calls.next({ carriesId: true }).recordSent();
      const answer = (): readonly GroupAnswer[] =>
        call.groups.map((group) => ({ records: recordsOf(group, holdings, interfaces), errors: [] }));
      return {
        groups: adapter.intercept ? await adapter.intercept(call, answer) : answer(),
      };
    },
    close: async () => {},
  };
  return adapter;
}

function names(fields: readonly SelectedField[], before = ''): readonly string[] {
  return fields.flatMap(({ responseKey, fields: below }) =>
    below.length > 0 ? names(below, `${before}${responseKey}.`) : [`${before}${responseKey}`],
  );
}

function recordsOf(
  { prepared, variables, keys }: RegisterCall['groups'][number],
  { roots = {}, entity }: Holdings,
  interfaces: ReadonlySet<string>,
): (Record<string, unknown> | null)[] {
  const { selection } = prepared as Prepared;
  if (keys)
    return keys.map((key) =>
      entity?.(key) ? (select(entity(key), selection.fields, variables, interfaces) as Record<string, unknown>) : null,
    );
  const record: Record<string, unknown> = {};
  for (const field of selection.fields) {
    record[field.responseKey] = select(
      roots[field.name]?.(field.argumentsFrom?.(variables) ?? {}),
      field.fields,
      variables,
      interfaces,
    );
  }
  return [record];
}

function select(
  value: unknown,
  fields: readonly SelectedField[],
  variables: Readonly<Record<string, unknown>>,
  interfaces: ReadonlySet<string>,
): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => select(item, fields, variables, interfaces));
  // A register that sends a text in the place of an object.
  if (fields.length === 0 || typeof value !== 'object') return value;
  const thing = value as Thing;
  const record: Record<string, unknown> = {};
  for (const field of fields) {
    const own = fields.some(({ parentType }) => parentType === thing.__typename);
    if (
      own &&
      field.parentType !== thing.__typename &&
      field.name !== '__typename' &&
      !interfaces.has(field.parentType)
    )
      continue;
    const held = thing[field.name];
    const resolved: unknown =
      typeof held === 'function' ? (held as Resolve)(field.argumentsFrom?.(variables) ?? {}) : held;
    record[field.responseKey] = select(resolved, field.fields, variables, interfaces);
  }
  return record;
}

/** A gate that grants by rule and records the questions that it was asked, and the people that it counted. */
export type FakeGate = Gate & { readonly batches: (readonly GateQuestion[])[]; readonly told: string[] };

/** `decide`: true grants on a public task, a grant grants with it, `absent` would grant if the person were not protected, anything else withholds with that code. */
export type Rule = (
  question: GateQuestion,
  category: string,
) => boolean | Grant | 'absent' | 'CONSENT_REQUIRED' | 'CONSENT_EXPIRED' | 'CONSENT_WITHDRAWN' | 'POLICY_DENIED';

export const PUBLIC_TASK: Grant = { basis: 'public_task', nexus: 'application', policies: ['test-rule'] };

export const WITHOUT_PERSON: Grant = { basis: 'legal_obligation', policies: ['test-rule'] };

/** `withoutPerson`: categories that are granted about no person. `isClosed`: whether no one behind a link of this role can be granted this category. `homes`: codes of dwellings that are hidden. */
export function fakeGate(
  rule: Rule = () => true,
  isClosed: (role: string, category: string) => boolean = () => false,
  homes: readonly string[] = [],
  withoutPerson: readonly string[] = [],
): FakeGate {
  const batches: (readonly GateQuestion[])[] = [];
  const told: string[] = [];
  return {
    batches,
    told,
    countTold: ({ id }) => void told.push(id),
    decideWithoutPerson: (categories) => ({
      granted: new Map(
        categories.flatMap(({ category }) =>
          withoutPerson.includes(category) ? [[category, WITHOUT_PERSON] as const] : [],
        ),
      ),
      withheld: new Map(),
    }),
    decide: async (questions) => {
      batches.push(questions);
      return questions.map((question) => ({
        ...answer(question, rule),
        ...(question.dwellings === undefined
          ? {}
          : { visibleDwellings: new Set(question.dwellings.filter((code) => !homes.includes(code))) }),
        ...(question.links === undefined
          ? {}
          : {
              closedLinks: question.links.map(
                ({ role, categories }) =>
                  new Set(categories.map(({ category }) => category).filter((category) => isClosed(role, category))),
              ),
            }),
      }));
    },
  };
}

function answer(question: GateQuestion, rule: Rule): GateAnswer {
  const granted = new Map<string, Grant>();
  const absent = new Set<string>();
  const withheld = new Map<string, NonNullable<ReturnType<GateAnswer['withheld']['get']>>>();
  for (const { category } of question.categories) {
    const said = rule(question, category);
    if (said === 'absent') absent.add(category);
    else if (said === true) granted.set(category, PUBLIC_TASK);
    else if (typeof said === 'object') granted.set(category, said);
    else
      withheld.set(category, {
        code: said || 'CONSENT_REQUIRED',
        consentRequest: `sealed:${question.subject.id.length}:${category}`,
      });
  }
  return { granted, withheld, ...(absent.size === 0 ? {} : { absent }) };
}

export const NO_CONTRACTS: Quality = { prepare: () => undefined, contractVersion: () => '1.0.0' };

/** What an execution answered, and what it recorded of what it did. */
export interface Ran extends ExecutionOutcome {
  readonly registers: readonly RegisterUse[];
  readonly subjects: AccessRecord['subjects'];
  readonly protectedSubjects: number;
  readonly hiddenDwellings: number;
  readonly disclosures: AccessRecord['disclosures'];
  readonly claims: AccessRecord['claims'];
}

export interface World {
  readonly catalogue: Catalogue;
  readonly adapters: ReadonlyMap<string, FakeAdapter>;
  /** Calls to all registers, in order. */
  readonly calls: readonly SeenCall[];
  readonly gate: FakeGate;
  plan(document: string): Promise<PlannedDocument>;
  run(planned: PlannedDocument, work?: Partial<Execution>): Promise<Ran>;
  ask(document: string, variables?: Readonly<Record<string, unknown>>, work?: Partial<Execution>): Promise<Ran>;
}

export interface WorldOptions extends Partial<ExecutorDependencies> {
  readonly gate?: FakeGate;
  readonly derivationsBy?: Readonly<Record<string, Derive>>;
  /** Whether plans stay as the planner makes them: links to other people are followed within one fetch. */
  readonly unsplit?: boolean;
  /** Whether registers are composed that the catalogue's lint would refuse. */
  readonly unlinted?: boolean;
}

/** Limits that no test reaches. */
const LIMITS = {
  maxBytes: 100_000,
  maxTokens: 10_000,
  maxDepth: 20,
  maxAliases: 100,
  maxRootFields: 20,
  maxFields: 1000,
  maxFragments: 20,
};

/** Returns registers in memory, composed and planned as in production, with an executor over them. */
export function world(
  registers: Readonly<Record<string, { readonly sdl: string } & Holdings>>,
  options: WorldOptions = {},
): World {
  const schemas = Object.entries(registers).map(([name, { sdl }]) =>
    parseRegister(name, sdl.includes('extend schema') ? sdl : HEAD + sdl),
  );
  const catalogue = options.unlinted ? composeUnlinted(schemas) : composeCatalogue(schemas);
  const calls: SeenCall[] = [];
  const adapters = new Map(
    schemas.map(({ name, document }) => [
      name,
      memoryAdapter(name, registers[name] ?? {}, calls, interfacesIn(document)),
    ]),
  );
  const gate = options.gate ?? fakeGate();
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const supergraphSchema = buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true });
  const executor = createExecutor({
    publicSchema,
    supergraphSchema,
    governance: catalogue.governance,
    adapters,
    quality: NO_CONTRACTS,
    derivations: new Map(Object.entries(options.derivationsBy ?? {})),
    clock: standingClock(),
    observer: silentObserver(),
    registerTimeoutMs: () => 2000,
    ...options,
  });
  const planner = createPlanner(catalogue.supergraphSdl, { deadlineMs: 60_000 });
  const preparer = createDocumentPreparer({
    catalogue,
    publicSchema,
    planner,
    limits: LIMITS,
    maxDocuments: 50,
    maxPlanning: 4,
    allowedOperations: QUERIES_ONLY,
  });
  const plan: World['plan'] = async (text) => {
    const planned = await preparer.prepare(text, undefined, undefined);
    if (!options.unsplit) return planned;
    const native = await planner.plan(print(planned.hardened), undefined, 0);
    return native ? { ...planned, plan: native } : planned;
  };
  const run: World['run'] = async (planned, work = {}) => {
    const accessRecord = work.accessRecord ?? new AccessRecord('r-1');
    const outcome = await executor.execute({
      requestId: 'r-1',
      accessRecord,
      planned,
      variables: {},
      gate,
      deadline: 60_000,
      onBehalfOf: { system: 'housing', purpose: 'housing_queue' },
      receiver: 'housing',
      caseNumber: 'HQ-1',
      atomic: false,
      ...work,
    });
    const { subjects, absent: protectedSubjects, hiddenDwellings, disclosures, claims } = accessRecord;
    return {
      ...outcome,
      registers: registersOf(accessRecord),
      subjects,
      protectedSubjects,
      hiddenDwellings,
      disclosures,
      claims,
    };
  };
  return {
    catalogue,
    adapters,
    calls,
    gate,
    plan,
    run,
    ask: async (text, variables = {}, work = {}) => run(await plan(text), { variables, ...work }),
  };
}

/** Returns the interfaces of a schema: every object of an interface has its fields. */
function interfacesIn({ definitions }: DocumentNode): ReadonlySet<string> {
  return new Set(
    definitions.flatMap((node) => (node.kind === Kind.INTERFACE_TYPE_DEFINITION ? [node.name.value] : [])),
  );
}

function composeUnlinted(schemas: readonly RegisterSchema[]): Catalogue {
  const composed = composeServices(
    schemas.map(({ name, document }) => ({ name, url: `register://${name}`, typeDefs: stripGovernance(document) })),
  );
  if (composed.errors)
    throw new AggregateError(composed.errors, composed.errors.map(({ message }) => message).join('; '));
  return {
    hash: 'sha256:unlinted',
    supergraphSdl: composed.supergraphSdl,
    publicSdl: composed.publicSdl,
    governance: governanceIndex(collectGovernance(schemas)),
    ignoredFeatures: [],
  };
}

/** Returns the answer without prototypes, as a client reads it. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** Returns the errors as `path: code`. */
export function errorsOf({ errors }: ExecutionOutcome): readonly string[] {
  return errors.map(({ path, extensions }) => `${(path ?? []).join('.')}: ${String(extensions?.['code'])}`);
}

/** Returns the numbers that a register was asked about, call by call. */
export function askedOf(calls: readonly SeenCall[], register: string): readonly (readonly string[])[] {
  return calls
    .filter((call) => call.register === register)
    .map(({ groups }) => groups.flatMap(({ keys = [] }) => keys.map((key) => String((key as { iin?: unknown }).iin))));
}
