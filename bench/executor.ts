import { readFileSync } from 'node:fs';
import { buildASTSchema, buildSchema, parse } from 'graphql';
import { createGraphqlAdapter } from '../adapters/graphql/graphql-adapter.js';
import type { JsonClient } from '../adapters/http/post-json.js';
import { createExecutor } from '../gateway/execution/executor.js';
import type { Execution, ExecutionOutcome } from '../gateway/execution/port.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../gateway/planning/answered.js';
import { createPlanner } from '../gateway/planning/planner.js';
import { createDocumentPreparer } from '../gateway/planning/prepare.js';
import { systemClock } from '../gateway/clock.js';
import { readSupergraph } from '../schemas/catalogue/supergraph-file.js';
import { percentile } from './figures.js';

/**
 * CPU of one execution without I/O: the planned question is executed in process over answers that the
 * supergraph's services gave once. Beside it, in interleaved rounds, what nobody can save: parsing
 * the same answers. The services have to run.
 * `npm run bench:executor -- SUPERGRAPH.graphql QUESTION.graphql`
 */

const ROUNDS = Number(process.env['ROUNDS'] ?? 15);
const PER_ROUND = Number(process.env['PER_ROUND'] ?? 300);
const WARM_UP = 2_000;
const NEVER = Number.MAX_SAFE_INTEGER;
const LIMITS = { maxBytes: 1_000_000, maxTokens: 5_000, maxDepth: 30, maxAliases: 500, maxRootFields: 100, maxFields: 5_000, maxFragments: 200 };

/** The services' answers as text, by address and request; asked for once. */
class Recorded {
  readonly #texts = new Map<string, string>();

  get texts(): readonly string[] {
    return [...this.#texts.values()];
  }

  get client(): JsonClient {
    return {
      post: async ({ url, body }) => {
        const asked = `${url.href} ${JSON.stringify(body)}`;
        const text = this.#texts.get(asked) ?? (await this.#ask(url, body, asked));
        return { status: 200, body: JSON.parse(text) as unknown };
      },
      close: () => undefined,
    };
  }

  async #ask(url: URL, body: unknown, asked: string): Promise<string> {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const text = await response.text();
    this.#texts.set(asked, text);
    return text;
  }
}

async function main([supergraphFile, questionFile]: readonly string[]): Promise<void> {
  if (supergraphFile === undefined || questionFile === undefined) throw new Error('usage: npm run bench:executor -- SUPERGRAPH.graphql QUESTION.graphql');
  const recorded = new Recorded();
  const execute = await prepare(supergraphFile, readFileSync(questionFile, 'utf8'), recorded);
  const { data, errors } = await execute();
  if (data === null || errors.length > 0) throw new Error(`the question is not answered without errors: ${errors.map(({ message }) => message).join('; ')}`);
  const parseAnswers = async (): Promise<void> => {
    for (const text of recorded.texts) JSON.parse(text);
  };
  for (const work of [execute, parseAnswers]) await cpuOf(work, WARM_UP);
  const taken = { execute: [] as number[], parse: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    taken.execute.push(await cpuOf(execute, PER_ROUND));
    taken.parse.push(await cpuOf(parseAnswers, PER_ROUND));
  }
  report(taken, recorded.texts, JSON.stringify(data).length);
}

async function prepare(supergraphFile: string, text: string, recorded: Recorded): Promise<() => Promise<ExecutionOutcome>> {
  const { catalogue, services } = readSupergraph(readFileSync(supergraphFile, 'utf8'), supergraphFile);
  const publicSchema = buildSchema(catalogue.publicSdl, { assumeValidSDL: true });
  const planner = createPlanner(catalogue.supergraphSdl, { deadlineMs: 5_000 });
  const preparer = createDocumentPreparer({ catalogue, publicSchema, planner, limits: LIMITS, maxDocuments: 1, maxPlanning: 1, answered: EVERYTHING_BUT_SUBSCRIPTIONS });
  const planned = await preparer.prepare(text, undefined, undefined, { variables: {} });
  const executor = createExecutor({
    publicSchema,
    supergraphSchema: buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
    governance: catalogue.governance,
    adapters: new Map(services.map(({ name, url }) => [name, createGraphqlAdapter({ register: name, url, client: recorded.client })])),
    quality: { prepare: () => undefined, contractVersion: () => '' },
    derivations: new Map(),
    clock: systemClock({ timeZone: 'UTC', factDate: undefined }),
    observer: { count: () => undefined, duration: () => undefined, log: () => undefined },
    registerTimeoutMs: () => 5_000,
  });
  const work: Execution = {
    requestId: 'bench',
    planned,
    variables: {},
    gate: { decide: async (questions) => questions.map(() => ({ granted: new Map(), withheld: new Map() })) },
    deadline: NEVER,
    onBehalfOf: { system: 'bench', purpose: 'bench' },
    receiver: 'bench',
    caseNumber: '',
    atomic: false,
  };
  return () => executor.execute(work);
}

/** Microseconds of CPU, user and system, of one piece of work. */
async function cpuOf(work: () => Promise<unknown>, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

function report(taken: { readonly execute: readonly number[]; readonly parse: readonly number[] }, texts: readonly string[], answerBytes: number): void {
  const line = (name: string, values: readonly number[]): void => {
    const sorted = [...values].sort((one, other) => one - other);
    console.log(`${name.padEnd(24)} median ${percentile(sorted, 0.5).toFixed(0).padStart(6)} us   from ${percentile(sorted, 0).toFixed(0)} to ${percentile(sorted, 1).toFixed(0)}`);
  };
  const ratios = taken.execute.map((execute, round) => execute / (taken.parse[round] ?? Number.NaN)).sort((one, other) => one - other);
  console.log(`CPU of one execution, ${ROUNDS} interleaved rounds of ${PER_ROUND}: ${texts.length} calls, ${texts.join('').length} characters in, ${answerBytes} out`);
  line('execute, parsing included', taken.execute);
  line('parsing alone', taken.parse);
  console.log(`ratio                    median ${percentile(ratios, 0.5).toFixed(2)}`);
}

await main(process.argv.slice(2));
