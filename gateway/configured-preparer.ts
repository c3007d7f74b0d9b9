import type { GraphQLSchema } from 'graphql';
import type { Catalogue } from '../schemas/catalogue/governance.js';
import type { Config } from './config/schema.js';
import { QUERIES_ONLY, type Answered } from './planning/answered.js';
import { createPlanner } from './planning/planner.js';
import { createDocumentPreparer, type DocumentPreparer } from './planning/prepare.js';

const MAX_PLANNING = 2;
const PLAN_DEADLINE_MS = 2_000;

/** The preparer of a gateway under its configuration's limits: queries only, unless told what else is answered. */
export function configuredPreparer({ limits, server }: Pick<Config, 'limits' | 'server'>, catalogue: Catalogue, publicSchema: GraphQLSchema, answered: Answered = QUERIES_ONLY): DocumentPreparer {
  const { tokens, depth, aliases, root_fields: maxRootFields, fields, fragments } = limits.document;
  return createDocumentPreparer({
    catalogue,
    publicSchema,
    planner: createPlanner(catalogue.supergraphSdl, { deadlineMs: PLAN_DEADLINE_MS }),
    limits: { maxBytes: server.limits.body_bytes, maxTokens: tokens, maxDepth: depth, maxAliases: aliases, maxRootFields, maxFields: fields, maxFragments: fragments },
    maxDocuments: limits.remembered_plans,
    maxPlanning: MAX_PLANNING,
    answered,
  });
}
