import type { GraphQLSchema } from 'graphql';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Config } from '../config/schema.js';
import { QUERIES_ONLY, type AllowedOperations } from '../planning/document/validate.js';
import type { Planner } from '../planning/plan.js';
import { createDocumentPreparer, type DocumentPreparer } from '../planning/prepare.js';
import { PlannerProcesses } from '../planning/planner/planner-processes.js';

/** One caller takes two of them at most, so that one is free for the next caller. */
const MAX_PLANNING = 3;
const PLAN_DEADLINE_MS = 2_000;

/** Returns the processes for the planners of a gateway. */
export function plannerProcesses(observer: Observer): PlannerProcesses {
  return new PlannerProcesses({
    processes: MAX_PLANNING,
    deadlineMs: PLAN_DEADLINE_MS,
    onEnded: (reason) => observer.log('error', 'planner_process_ended', { reason }),
  });
}

export interface PreparerParts {
  readonly catalogue: Catalogue;
  readonly publicSchema: GraphQLSchema;
  readonly planner: Planner;
  /** If absent, only queries are allowed. */
  readonly allowedOperations?: AllowedOperations;
}

/** Returns the preparer of a gateway with the limits of its configuration. */
export function configuredPreparer(
  { limits, server }: Pick<Config, 'limits' | 'server'>,
  { catalogue, publicSchema, planner, allowedOperations = QUERIES_ONLY }: PreparerParts,
): DocumentPreparer {
  const { tokens, depth, aliases, root_fields: maxRootFields, fields, fragments } = limits.document;
  return createDocumentPreparer({
    catalogue,
    publicSchema,
    planner,
    limits: {
      maxBytes: server.limits.body_bytes,
      maxTokens: tokens,
      maxDepth: depth,
      maxAliases: aliases,
      maxRootFields,
      maxFields: fields,
      maxFragments: fragments,
    },
    maxDocuments: limits.remembered_plans,
    maxPlanning: MAX_PLANNING,
    allowedOperations,
  });
}
