import { createHash } from 'node:crypto';
import { buildASTSchema, parse, print, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { Refusal } from '../../schemas/refusal.js';
import { supergraphTypes } from '../execution/supergraph-types.js';
import { footprintOf, type FootprintDependencies } from './footprint.js';
import { hardenAliases } from './harden-aliases.js';
import { inlineFragments } from './inline-fragments.js';
import { assertWithinLimits, type ComplexityLimits } from './limits.js';
import { pickOperation } from './operation.js';
import { parseDocument, type ParseLimits } from './parse.js';
import type { PlannedDocument, Planner, TrustedDocument } from './plan.js';
import { rootSubjectsOf } from './root-subjects.js';
import { splitLinks } from './split-links.js';
import { validateDocument } from './validate.js';

/** Makes documents ready once; the same object again for the same document, operation name and catalogue. */
export interface DocumentPreparer {
  /** Rejects with a `Refusal`. */
  prepare(text: string, operationName: string | undefined, trusted: TrustedDocument | undefined): Promise<PlannedDocument>;
}

export interface PreparerOptions {
  readonly catalogue: Catalogue;
  readonly publicSchema: GraphQLSchema;
  readonly planner: Planner;
  readonly limits: ParseLimits & ComplexityLimits;
  /** Prepared documents kept. */
  readonly maxDocuments: number;
  /** Documents planned at once; further ones wait. */
  readonly maxPlanning: number;
}

/**
 * parse, limits, validation, alias hardening, plan, footprint. Equal documents asked at once are
 * prepared once; failures are not kept.
 */
export function createDocumentPreparer(options: PreparerOptions): DocumentPreparer {
  const prepared = new LRUCache<string, Promise<PlannedDocument>>({ max: options.maxDocuments });
  const prepareNow = createPreparation(options);
  const inTurn = limitConcurrency(options.maxPlanning);
  return {
    prepare: (text, operationName, trusted) => {
      const documentHash = createHash('sha256').update(text).digest('hex');
      const key = JSON.stringify([documentHash, operationName, trusted?.name]);
      const known = prepared.get(key);
      if (known !== undefined) return known;
      const fresh = inTurn(() => prepareNow(text, documentHash, operationName, trusted));
      prepared.set(key, fresh);
      fresh.catch(() => prepared.get(key) === fresh && prepared.delete(key));
      return fresh;
    },
  };
}

type Prepare = (text: string, documentHash: string, operationName: string | undefined, trusted: TrustedDocument | undefined) => Promise<PlannedDocument>;

function createPreparation({ catalogue, publicSchema, planner, limits }: PreparerOptions): Prepare {
  const types = supergraphTypes(buildASTSchema(parse(catalogue.supergraphSdl), { assumeValid: true, assumeValidSDL: true }));
  const dependencies: FootprintDependencies = { governance: catalogue.governance, types };
  return async (text, documentHash, operationName, trusted) => {
    const document = parseDocument(text, limits);
    assertWithinLimits(document, limits);
    validateDocument(publicSchema, document);
    const operation = pickOperation(document, operationName);
    const hardened = hardenAliases(document);
    const hardenedOperation = inlineFragments(hardened, pickOperation(hardened, operationName));
    const planned = onlyTypename(hardenedOperation) ? undefined : await planner.plan(print(hardened), operation.name?.value);
    const plan = planned && splitLinks(planned, dependencies);
    const rootSubjects = rootSubjectsOf(plan, catalogue.governance);
    return {
      documentHash,
      operationName: operation.name?.value,
      ...(trusted === undefined ? {} : { trusted }),
      document,
      operation,
      hardened,
      plan,
      footprint: footprintOf(plan, hardenedOperation, dependencies),
      catalogueHash: catalogue.hash,
      handleVariables: rootSubjects.flatMap(({ form, source }) => (form === 'handle' && source && 'variable' in source ? [source.variable] : [])),
      rootSubjects,
      atomic: trusted?.atomic ?? false,
    };
  };
}

/** `{ __typename }` needs no register, and the planner would ask one. */
function onlyTypename({ selectionSet }: PlannedDocument['operation']): boolean {
  return selectionSet.selections.every((selection) => 'name' in selection && selection.name?.value === '__typename');
}

/** At most `limit` at once; a queue that grows tenfold beyond it is refused. */
function limitConcurrency(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (waiting.length >= limit * 10) throw new Refusal('OVERLOADED');
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
