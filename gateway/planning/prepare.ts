import { createHash } from 'node:crypto';
import { print, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { Refusal } from '../../schemas/refusal.js';
import { Semaphore } from '../../schemas/semaphore.js';
import { type AllowedOperations, validateDocument } from './document/validate.js';
import {
  yieldBetweenSteps,
  type YieldToEventLoop,
  assertWithinLimits,
  type ComplexityLimits,
} from './document/limits.js';
import {
  conditionValues,
  conditionVariablesIn,
  foreseenVariables,
  type ConditionValues,
  type ConditionVariable,
  settleConditions,
} from './document/conditions.js';
import { deprecationFinder } from './document/deprecations.js';
import { footprintDependencies, footprintOf } from './footprint/footprint.js';
import { handleVariablesOf, refuseWrittenSubjects, rootSubjectsOf } from './footprint/root-subjects.js';
import { hardenAliases } from './document/aliases.js';
import { inlineFragments } from './document/fragments.js';
import { completeInterfaceObjects } from './passes/interface-objects.js';
import { splitIntrospection, needsRegisters } from './document/introspection.js';
import { pickOperation, parseDocument, type ParseLimits } from './document/parse.js';
import { distinctShares, plannedShare } from './document/override-share.js';
import type { PlannedDocument, Planner, TrustedDocument } from './plan.js';
import { splitLinks } from './passes/split-links.js';
import { splitRequires } from './passes/split-requires.js';

/** Makes documents ready once; the same object again for the same document, operation name and catalogue. */
export interface DocumentPreparer {
  /** Rejects with a `Refusal`. */
  prepare(
    text: string,
    operationName: string | undefined,
    trusted: TrustedDocument | undefined,
    question?: AskedWith,
  ): Promise<PlannedDocument>;
  /** With what a document will be asked, as far as its plan depends on it; with all conditions open where they are too many. Throws a `Refusal` for what is no document. */
  foreseen(text: string): readonly AskedWith[];
  /** The shares of questions for which a document has a plan of its own; only 0 where no field moves from one register to another. */
  readonly shares: readonly number[];
}

/** What of one request a plan depends on. */
export interface AskedWith {
  /** See override-share.ts; 0 where absent. */
  readonly share?: number;
  /** As they came. Where absent, conditions stay open: such a plan is for looking at, not for carrying out. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface PreparerOptions {
  readonly catalogue: Catalogue;
  readonly publicSchema: GraphQLSchema;
  readonly planner: Planner;
  readonly limits: ParseLimits & ComplexityLimits;
  readonly allowedOperations: AllowedOperations;
  /** Prepared documents kept. */
  readonly maxDocuments: number;
  /** Documents planned at once; further ones wait. */
  readonly maxPlanning: number;
}

/** Documents that may wait for each one that is being planned; a further one is refused with `OVERLOADED`. */
const WAITING_PER_PLANNED = 10;

/**
 * parse, limits, validation, alias hardening, plan, footprint. Equal documents asked at once are
 * prepared once; refusals are not kept, and cannot push out what is.
 */
export function createDocumentPreparer(options: PreparerOptions): DocumentPreparer {
  const prepared = new LRUCache<string, PlannedDocument>({ max: options.maxDocuments });
  const underWay = new Map<string, Promise<PlannedDocument>>();
  const prepareNow = createPreparation(options);
  const planning = new Semaphore(options.maxPlanning, options.maxPlanning * WAITING_PER_PLANNED);
  const begin = (key: string, work: () => Promise<PlannedDocument>): Promise<PlannedDocument> => {
    const begun = planning
      .run(work, { turnedAway: () => new Refusal('OVERLOADED') })
      .then((document) => {
        prepared.set(key, document);
        return document;
      })
      .finally(() => underWay.delete(key));
    underWay.set(key, begun);
    return begun;
  };
  const hashOfTrusted = rememberedHash();
  const shares = distinctShares(options.planner.overridePercentages);
  const conditionsOf = rememberedConditions(options);
  return {
    shares,
    foreseen: (text) => {
      const some = foreseenVariables(conditionsOf({ text, documentHash: hashOf(text), operationName: undefined }));
      return shares.flatMap((share) => some?.map((variables) => ({ share, variables })) ?? [{ share }]);
    },
    prepare: async (text, operationName, trusted, { share = 0, variables } = {}) => {
      const planned = plannedShare(share, shares);
      const documentHash = trusted === undefined ? hashOf(text) : hashOfTrusted(trusted, text);
      const conditions = variables && conditionValues(conditionsOf({ text, documentHash, operationName }), variables);
      const key = keyOf(
        [documentHash, planned, trusted?.name ?? '', conditions === undefined ? '' : [...conditions.values()].join()],
        operationName,
      );
      return (
        prepared.get(key) ??
        underWay.get(key) ??
        begin(key, () => prepareNow({ text, documentHash, operationName, trusted, share: planned, conditions }))
      );
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One text for several. The operation's name may hold anything, since clients give it, and comes last; the others hold no space. */
function keyOf(parts: readonly (string | number)[], operationName: string | undefined): string {
  return `${parts.join(' ')} ${operationName === undefined ? '' : `=${operationName}`}`;
}

/** The hash of a trusted document's text, which stays the same: taken once. */
function rememberedHash(): (trusted: TrustedDocument, text: string) => string {
  const known = new WeakMap<TrustedDocument, { readonly text: string; readonly hash: string }>();
  return (trusted, text) => {
    let found = known.get(trusted);
    if (found?.text !== text) known.set(trusted, (found = { text, hash: hashOf(text) }));
    return found.hash;
  };
}

/** The condition variables of a document, found when it is first asked. */
function rememberedConditions({
  limits,
  maxDocuments,
}: PreparerOptions): (
  document: Pick<Preparation, 'text' | 'documentHash' | 'operationName'>,
) => readonly ConditionVariable[] {
  const known = new LRUCache<string, readonly ConditionVariable[]>({ max: maxDocuments });
  return ({ text, documentHash, operationName }) => {
    const key = keyOf([documentHash], operationName);
    let conditions = known.get(key);
    if (conditions === undefined)
      known.set(key, (conditions = conditionVariablesIn(parseDocument(text, limits), operationName)));
    return conditions;
  };
}

interface Preparation {
  readonly text: string;
  readonly documentHash: string;
  readonly operationName: string | undefined;
  readonly trusted: TrustedDocument | undefined;
  readonly share: number;
  readonly conditions: ConditionValues | undefined;
}

function createPreparation(options: PreparerOptions): (preparation: Preparation) => Promise<PlannedDocument> {
  const { catalogue, publicSchema, planner } = options;
  const dependencies = footprintDependencies(catalogue);
  const findDeprecations = deprecationFinder(publicSchema);
  const isGoverned = catalogue.governance.categories.size > 0;
  return async ({ text, documentHash, operationName, trusted, share, conditions }) => {
    const { document, yieldToEventLoop } = await validDocument(text, options);
    const operation = pickOperation(document, operationName);
    const hardened = hardenAliases(document);
    await yieldToEventLoop();
    const hardenedOperation = inlineFragments(hardened, pickOperation(hardened, operationName));
    const { introspective } = splitIntrospection(hardenedOperation);
    const settled = settleConditions(hardenedOperation, conditions);
    refuseWrittenSubjects(hardenedOperation, catalogue.governance);
    const asked = splitIntrospection(settled).rest;
    await yieldToEventLoop();
    const native =
      asked && needsRegisters(asked) ? await planner.plan(print(asked), operation.name?.value, share) : undefined;
    const planned = native && completeInterfaceObjects(native, settled, dependencies.types);
    await yieldToEventLoop();
    const plan = planned && isGoverned ? splitLinks(splitRequires(planned, dependencies), dependencies) : planned;
    const rootSubjects = rootSubjectsOf(plan, operation, catalogue.governance);
    return {
      documentHash,
      operationName: operation.name?.value,
      ...(trusted === undefined ? {} : { trusted }),
      document,
      operation,
      hardened,
      plan,
      footprint: isGoverned ? footprintOf(plan, settled, dependencies) : [],
      ...(introspective === undefined ? {} : { introspective: introspectionOf(document, operation) ?? introspective }),
      catalogueHash: catalogue.hash,
      handleVariables: handleVariablesOf(rootSubjects),
      rootSubjects,
      deprecations: findDeprecations(document),
      atomic: trusted?.atomic ?? false,
    };
  };
}

/** Parses a document and checks its limits and its validity on the public schema. The caller awaits `yieldToEventLoop` between its own steps. */
async function validDocument(
  text: string,
  { publicSchema, limits, allowedOperations }: PreparerOptions,
): Promise<{ readonly document: DocumentNode; readonly yieldToEventLoop: YieldToEventLoop }> {
  const document = parseDocument(text, limits);
  const yieldToEventLoop = yieldBetweenSteps(assertWithinLimits(document, limits));
  await validateDocument(publicSchema, document, allowedOperations, yieldToEventLoop);
  return { document, yieldToEventLoop: yieldToEventLoop ?? (() => Promise.resolve()) };
}

/** With the client's own keys, since graphql-js answers it. */
function introspectionOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationDefinitionNode | undefined {
  return splitIntrospection(inlineFragments(document, operation)).introspective;
}
