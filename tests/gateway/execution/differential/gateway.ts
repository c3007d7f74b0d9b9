import { buildASTSchema, parse } from 'graphql';
import { createGraphqlAdapter } from '../../../../adapters/graphql/graphql-adapter.js';
import { createExecutor } from '../../../../gateway/execution/executor.js';
import type { ExecutionOutcome } from '../../../../gateway/execution/port.js';
import { EVERYTHING_BUT_SUBSCRIPTIONS } from '../../../../gateway/planning/document/validate.js';
import type { PlannerProcesses } from '../../../../gateway/planning/planner/planner-processes.js';
import { createDocumentPreparer } from '../../../../gateway/planning/prepare.js';
import { coerceVariables } from '../../../../gateway/planning/variables.js';
import { composeCatalogue, composeUngoverned } from '../../../../schemas/catalogue/compose.js';
import { buildPublicSchema } from '../../../../schemas/catalogue/public-schema.js';
import type { Gate } from '../../../../schemas/ports/gate.js';
import { silentObserver, standingClock } from '../../../doubles.js';
import { fakeGate, NO_CONTRACTS } from '../harness.js';
import type { Question } from './question.js';
import type { Services } from './services.js';
import { AccessRecord } from '../../../../gateway/access/access-record.js';

const LIMITS = {
  maxBytes: 1_000_000,
  maxTokens: 50_000,
  maxDepth: 50,
  maxAliases: 5_000,
  maxRootFields: 100,
  maxFields: 10_000,
  maxFragments: 1_000,
};

/** Nothing is governed, and no one asked. */
export const UNGOVERNED_GATE: Gate = fakeGate();

/** `atomic`: the first basis that is missing ends the execution with no governed data. */
export type Ask = (question: Question, atomic?: boolean) => Promise<ExecutionOutcome>;

/** The gateway's own way from a text to an answer over a supergraph, without HTTP. */
export async function gatewayOver(
  { registers, clients }: Services,
  gate: Gate,
  planners: PlannerProcesses,
): Promise<Ask> {
  const catalogue = gate === UNGOVERNED_GATE ? composeUngoverned(registers) : composeCatalogue(registers);
  const publicSchema = buildPublicSchema(catalogue.publicSdl);
  const planner = await planners.planner(catalogue.supergraphSdl);
  const preparer = createDocumentPreparer({
    catalogue,
    publicSchema,
    planner,
    limits: LIMITS,
    maxDocuments: 100,
    maxPlanning: 1,
    allowedOperations: EVERYTHING_BUT_SUBSCRIPTIONS,
  });
  const adapters = [...clients].map(
    ([name, client]) =>
      [
        name,
        createGraphqlAdapter({ register: name, url: `http://${name}.test/`, client, carriesCallId: true }),
      ] as const,
  );
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
  return async ({ text, variables }, atomic = false) => {
    const planned = await preparer.prepare(text, undefined, undefined, { variables });
    const coerced = coerceVariables(publicSchema, planned, variables);
    return executor.execute({
      requestId: 'request',
      accessRecord: new AccessRecord('request'),
      planned,
      variables: coerced,
      gate,
      deadline: Number.MAX_SAFE_INTEGER,
      onBehalfOf: { system: 'test', purpose: 'test' },
      receiver: 'test',
      caseNumber: '',
      atomic,
    });
  };
}
