import { buildASTSchema, parse } from 'graphql';
import { createGraphqlAdapter } from '../../../adapters/graphql/graphql-adapter.js';
import { createExecutor } from '../../../gateway/execution/executor.js';
import type { ExecutionOutcome } from '../../../gateway/execution/port.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../../../gateway/planning/answered.js';
import type { PlannerProcesses } from '../../../gateway/planning/processes/planner-processes.js';
import { createDocumentPreparer } from '../../../gateway/planning/prepare.js';
import { coerceVariables } from '../../../gateway/planning/variables.js';
import { buildPublicSchema } from '../../../schemas/catalogue/public-schema.js';
import { readSupergraph } from '../../../schemas/catalogue/supergraph-file.js';
import { silentObserver, standingClock } from '../../doubles.js';
import { fakeGate, NO_CONTRACTS } from '../harness.js';
import type { Question } from './question.js';
import type { Services } from './services.js';

const LIMITS = { maxBytes: 1_000_000, maxTokens: 50_000, maxDepth: 50, maxAliases: 5_000, maxRootFields: 100, maxFields: 10_000, maxFragments: 1_000 };

/** The gateway's own way from a text to an answer over a supergraph, without HTTP. */
export async function gatewayOver({ supergraphSdl, clients }: Services, planners: PlannerProcesses): Promise<(question: Question) => Promise<ExecutionOutcome>> {
  const { catalogue, services } = readSupergraph(supergraphSdl, 'supergraph.graphql');
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const planner = await planners.planner(catalogue.supergraphSdl);
  const preparer = createDocumentPreparer({ catalogue, publicSchema, planner, limits: LIMITS, maxDocuments: 100, maxPlanning: 1, answered: EVERYTHING_BUT_SUBSCRIPTIONS });
  const adapters = services.map(({ name, url }) => {
    const client = clients.get(name);
    if (client === undefined) throw new Error(`no service ${name}`);
    return [name, createGraphqlAdapter({ register: name, url, client })] as const;
  });
  const executor = createExecutor({
    publicSchema,
    supergraphSchema: buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }),
    governance: catalogue.governance,
    adapters: new Map(adapters),
    quality: NO_CONTRACTS,
    derivations: new Map(),
    clock: standingClock(),
    observer: silentObserver(),
    registerTimeoutMs: () => 5_000,
  });
  return async ({ text, variables }) => {
    const planned = await preparer.prepare(text, undefined, undefined, { variables });
    const coerced = coerceVariables(publicSchema, planned, variables);
    return executor.execute({ requestId: 'request', planned, variables: coerced, gate: fakeGate(), deadline: Number.MAX_SAFE_INTEGER, onBehalfOf: { system: 'test', purpose: 'test' }, receiver: 'test', caseNumber: '', atomic: false });
  };
}
