import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  getNamedType,
  isCompositeType,
  isObjectType,
  parse,
  validate,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../gateway/planning/document/validate.js';
import { createDocumentPreparer } from '../gateway/planning/prepare.js';
import { PlannerProcesses } from '../gateway/planning/planner/planner-processes.js';
import { buildPublicSchema } from '../schemas/catalogue/public-schema.js';
import { readSupergraph } from '../schemas/catalogue/supergraph-file.js';
import { percentile } from './figures.js';

/**
 * Time to make a new document ready (parse, limits, validation, plan), beside graphql-js validating the
 * same; and the longest time for which the event loop stood still while documents as large as the
 * limits let them be were planned.
 * `npm run bench:planning -- SUPERGRAPH.graphql QUESTION.graphql`
 */

const TYPICAL = 300;
const HOSTILE = 10;
const HOSTILE_FIELDS = 2_000;
const HOSTILE_DEPTH = 12;
const LIMITS = {
  maxBytes: 1_000_000,
  maxTokens: 20_000,
  maxDepth: 30,
  maxAliases: 500,
  maxRootFields: 100,
  maxFields: 5_000,
  maxFragments: 200,
};

async function main([supergraphFile, questionFile]: readonly string[]): Promise<void> {
  if (supergraphFile === undefined || questionFile === undefined)
    throw new Error('usage: npm run bench:planning -- SUPERGRAPH.graphql QUESTION.graphql');
  const { catalogue } = readSupergraph(readFileSync(supergraphFile, 'utf8'), supergraphFile);
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const planners = new PlannerProcesses({ processes: 2, deadlineMs: 30_000 });
  const planner = await planners.planner(catalogue.supergraphSdl);
  const preparer = createDocumentPreparer({
    catalogue,
    publicSchema,
    planner,
    limits: LIMITS,
    maxDocuments: 10,
    maxPlanning: 2,
    allowedOperations: EVERYTHING_BUT_SUBSCRIPTIONS,
  });
  const prepare = (text: string): Promise<unknown> => preparer.prepare(text, undefined, undefined, { variables: {} });
  await typical(readFileSync(questionFile, 'utf8'), prepare, publicSchema);
  await hostile(publicSchema, prepare);
  await planners.close();
}

async function typical(
  text: string,
  prepare: (text: string) => Promise<unknown>,
  schema: GraphQLSchema,
): Promise<void> {
  const taken = { prepare: [] as number[], validate: [] as number[] };
  for (let index = 0; index < TYPICAL; index += 1) {
    // A comment makes it another document.
    taken.prepare.push(await millisecondsOf(() => prepare(`${text}\n# ${index}`)));
    taken.validate.push(await millisecondsOf(async () => void validate(schema, parse(text))));
  }
  for (const [name, values] of Object.entries(taken)) {
    const sorted = values.slice(TYPICAL / 3).sort((one, other) => one - other);
    console.log(
      `${name.padEnd(9)} a new typical document: median ${percentile(sorted, 0.5).toFixed(2)} ms, p99 ${percentile(sorted, 0.99).toFixed(2)} ms`,
    );
  }
}

async function hostile(schema: GraphQLSchema, prepare: (text: string) => Promise<unknown>): Promise<void> {
  const budget = { fields: HOSTILE_FIELDS };
  const body = selection(schema.getQueryType() as GraphQLNamedType, 1, budget);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let slowest = 0;
  delay.enable();
  for (let index = 0; index < HOSTILE; index += 1)
    slowest = Math.max(
      slowest,
      await millisecondsOf(() =>
        prepare(`query H${index} ${body}`).catch((error: unknown) => console.log(`refused: ${String(error)}`)),
      ),
    );
  delay.disable();
  console.log(
    `hostile   ${HOSTILE_FIELDS - budget.fields} fields, ${body.length} characters: planned in at most ${slowest.toFixed(0)} ms; the event loop stood still for at most ${(delay.max / 1e6).toFixed(1)} ms`,
  );
}

/** Everything that can be asked without arguments, down to a depth, as long as the budget lasts. */
function selection(type: GraphQLNamedType, depth: number, budget: { fields: number }): string {
  const parts: string[] = ['__typename'];
  for (const field of isObjectType(type) ? Object.values(type.getFields()) : []) {
    if (
      budget.fields <= 0 ||
      field.args.some(({ type: needed, defaultValue }) => String(needed).endsWith('!') && defaultValue === undefined)
    )
      continue;
    const named = getNamedType(field.type);
    if (isCompositeType(named) && depth >= HOSTILE_DEPTH) continue;
    budget.fields -= 1;
    parts.push(isCompositeType(named) ? `${field.name} ${selection(named, depth + 1, budget)}` : field.name);
  }
  return `{ ${parts.join(' ')} }`;
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

await main(process.argv.slice(2));
