import { buildASTSchema, parse } from 'graphql';
import { createGraphqlAdapter } from '../adapters/graphql/graphql-adapter.js';
import type { JsonPoster } from '../adapters/http/post-json.js';
import { systemClock } from '../gateway/compose/clock.js';
import { createExecutor } from '../gateway/execution/executor.js';
import type { Execution, ExecutionOutcome } from '../gateway/execution/port.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../gateway/planning/document/validate.js';
import { createPlanner } from '../gateway/planning/planner/planner.js';
import { createDocumentPreparer } from '../gateway/planning/prepare.js';
import { buildPublicSchema } from '../schemas/catalogue/public-schema.js';
import { readSupergraph } from '../schemas/catalogue/supergraph-file.js';
import { AccessRecord } from '../gateway/access/access-record.js';

const NEVER = Number.MAX_SAFE_INTEGER;
/** Limits that no measurement reaches. */
export const LIMITS = {
  maxBytes: 1_000_000,
  maxTokens: 20_000,
  maxDepth: 50,
  maxAliases: 500,
  maxRootFields: 100,
  maxFields: 10_000,
  maxFragments: 200,
};

/** Asks a service of an address and resolves with the text that it answers. */
export type AskService = (url: URL, body: unknown) => Promise<string>;

/** The services' answers as text, by address and request; asked for once. */
export class Recorded {
  readonly #texts = new Map<string, string>();
  readonly #ask: AskService;

  constructor(ask: AskService) {
    this.#ask = ask;
  }

  get texts(): readonly string[] {
    return [...this.#texts.values()];
  }

  get client(): JsonPoster {
    return {
      post: async ({ url, body }) => {
        const asked = `${url.href} ${JSON.stringify(body)}`;
        let text = this.#texts.get(asked);
        if (text === undefined) this.#texts.set(asked, (text = await this.#ask(url, body)));
        return { status: 200, body: JSON.parse(text) as unknown };
      },
      close: () => undefined,
    };
  }
}

/** A question that is planned once and executed in process as often as it is called, over recorded answers. */
export async function prepareQuestion({
  supergraphSdl,
  text,
  recorded,
}: {
  readonly supergraphSdl: string;
  readonly text: string;
  readonly recorded: Recorded;
}): Promise<() => Promise<ExecutionOutcome>> {
  const { catalogue, services } = readSupergraph(supergraphSdl, 'the supergraph');
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const planner = createPlanner(catalogue.supergraphSdl, { deadlineMs: 30_000 });
  const preparer = createDocumentPreparer({
    catalogue,
    publicSchema,
    planner,
    limits: LIMITS,
    maxDocuments: 1,
    maxPlanning: 1,
    allowedOperations: EVERYTHING_BUT_SUBSCRIPTIONS,
  });
  const planned = await preparer.prepare(text, undefined, undefined, { variables: {} });
  const executor = createExecutor({
    publicSchema,
    supergraphSchema: buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
    governance: catalogue.governance,
    adapters: new Map(
      services.map(({ name, url }) => [
        name,
        createGraphqlAdapter({ register: name, url, client: recorded.client, carriesCallId: true }),
      ]),
    ),
    quality: { prepare: () => undefined, contractVersion: () => '' },
    derivations: new Map(),
    clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
    observer: { count: () => undefined, duration: () => undefined, log: () => undefined, gauge: () => undefined },
    registerTimeoutMs: () => 5_000,
  });
  const work = (): Execution => ({
    requestId: 'bench',
    accessRecord: new AccessRecord('bench'),
    planned,
    variables: {},
    gate: {
      decide: async (questions) => questions.map(() => ({ granted: new Map(), withheld: new Map() })),
      decideWithoutPerson: () => ({ granted: new Map(), withheld: new Map() }),
      countTold: () => undefined,
    },
    deadline: NEVER,
    onBehalfOf: { system: 'bench', purpose: 'bench' },
    receiver: 'bench',
    caseNumber: '',
    atomic: false,
  });
  return () => executor.execute(work());
}

/** Microseconds of CPU, user and system, of one piece of work. */
export async function cpuOf(work: () => Promise<unknown>, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
