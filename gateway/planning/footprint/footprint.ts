import type { OperationDefinitionNode } from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';
import { Accounts } from './attribution.js';
import { clientFields } from '../client-fields.js';
import type { FootprintDependencies } from './footprint-dependencies.js';
import { FootprintReader } from './footprint-reader.js';
import type { FootprintEntry, PlanNode } from '../plan.js';
import { fetchesOf } from '../plan-walk.js';

/**
 * Everything that a plan reads, with its category: what the client selected, and what keys,
 * `@requires` and derived fields read on the way. What the client did not write is put to the
 * account of the client's fields that need it. `operation`: hardened, fragments inlined. Refuses
 * with `PLAN_FAILED` a plan that requires what none of its fetches reads.
 */
export function footprintOf(
  plan: PlanNode | undefined,
  operation: OperationDefinitionNode,
  dependencies: FootprintDependencies,
): readonly FootprintEntry[] {
  if (plan === undefined) return [];
  const client = clientFields(operation);
  const fetches = fetchesOf(plan);
  const accounts = Accounts.of(fetches, client, dependencies.requires);
  const reader = new FootprintReader(client, accounts, dependencies);
  for (const fetch of fetches) reader.fetch(fetch);
  for (const sent of accounts.sent) reader.sent(sent);
  for (const path of accounts.required)
    if (!reader.hasRead(path)) throw new Refusal('PLAN_FAILED', { reasons: ['unread_requirement'] });
  return reader.entries();
}
