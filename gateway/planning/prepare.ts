import { createHash } from 'node:crypto';
import { print, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Catalogue } from '../../schemas/catalogue/governance.js';
import { FairShare, type Claimant } from '../../schemas/fair-share.js';
import { Refusal } from '../../schemas/refusal.js';
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
import { assertLoggable } from './footprint/reads-limit.js';
import { handleVariablesOf, refuseWrittenSubjects, rootSubjectsOf } from './footprint/root-subjects.js';
import { hardenAliases } from './document/aliases.js';
import { loggedNamesOf } from './document/logged-names.js';
import { inlineFragments } from './document/fragments.js';
import { nonNullVariablesIn } from './document/non-null-variables.js';
import { completeInterfaceObjects } from './passes/interface-objects.js';
import { hiddenCategoriesIn } from './document/caller-schema.js';
import type { SchemaView } from './document/caller-views.js';
import { splitIntrospection, needsRegisters } from './document/introspection.js';
import { pickOperation, parseDocument, type ParseLimits } from './document/parse.js';
import { distinctShares, plannedShare } from './document/override-share.js';
import type { PlannedDocument, Planner, TrustedDocument } from './plan.js';
import { PreparedOnce } from './prepared-once.js';
import { splitLinks } from './passes/split-links.js';
import { splitRequires } from './passes/split-requires.js';

/** Prepares documents for execution. Returns the same object again for the same document, operation name, share and conditions, while it is kept. */
export interface DocumentPreparer {
  /** Rejects with a `Refusal` if the document is not allowed or cannot be planned. */
  prepare(
    text: string,
    operationName: string | undefined,
    trusted: TrustedDocument | undefined,
    question?: AskedWith,
  ): Promise<PlannedDocument>;
  /** Returns the inputs for which a document can be planned at start: each share with each combination of its conditions. If there are too many combinations, the conditions stay open. Throws a `Refusal` if the text cannot be parsed. */
  foreseen(text: string): readonly AskedWith[];
  /** The shares that have a plan of their own; only 0 if no field is moving from one register to another. */
  readonly shares: readonly number[];
}

/** The part of a request that its plan depends on. */
export interface AskedWith {
  /** See override-share.ts; 0 if absent. */
  readonly share?: number;
  /** As the request has them, not coerced. If absent, conditions stay open: such a plan can be shown, but is not executed. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What the caller can see. If absent, the whole public schema. The plan does not depend on it. */
  readonly view?: SchemaView;
  /** The party that the planning counts for. If absent, the gateway itself. The plan does not depend on it. */
  readonly claimant?: Claimant;
}

export interface PreparerOptions {
  readonly catalogue: Catalogue;
  readonly publicSchema: GraphQLSchema;
  readonly planner: Planner;
  readonly limits: ParseLimits & ComplexityLimits;
  readonly allowedOperations: AllowedOperations;
  /** Number of prepared texts that are kept, and of trusted documents. */
  readonly maxDocuments: number;
  /** Number of documents that are planned at once, shared out by caller; further ones wait. */
  readonly maxPlanning: number;
}

/**
 * Documents that may wait for each one that is being planned. Beyond it the last one of the caller with most of them is
 * refused with `OVERLOADED`.
 */
const WAITING_PER_PLANNED = 10;

/** The claimant of documents that the gateway plans for itself, as at start. */
const OWN_PLANNING: Claimant = { caller: '', weight: 1 };

/**
 * Prepares documents in these steps: parse, limits, validation, alias hardening, plan, footprint. Equal
 * documents that are asked at once are prepared once. Documents are prepared in places that are shared out by caller.
 * Trusted documents are kept apart from texts, so that no number of different texts displaces one.
 *
 * A document is valid for a caller if it is valid on what that caller can see. This is checked first, so that a field
 * that is hidden from the caller and one that does not exist are refused alike.
 */
export function createDocumentPreparer(options: PreparerOptions): DocumentPreparer {
  const places = new FairShare({
    places: options.maxPlanning,
    maxWaiting: options.maxPlanning * WAITING_PER_PLANNED,
    givesWay: 'largest',
  });
  const prepared = keptApart(() => new PreparedOnce<PlannedDocument>(places, options.maxDocuments));
  const prepareNow = createPreparation(options);
  const hashOfTrusted = rememberedHash();
  const assertVisible = createVisibilityCheck(options, places);
  const shares = distinctShares(options.planner.overridePercentages);
  const conditionsOf = rememberedConditions(options);
  return {
    shares,
    foreseen: (text) => {
      const some = foreseenVariables(
        conditionsOf({ text, documentHash: hashOf(text), operationName: undefined, trusted: undefined }),
      );
      return shares.flatMap((share) => some?.map((variables) => ({ share, variables })) ?? [{ share }]);
    },
    prepare: async (text, operationName, trusted, { share = 0, variables, view, claimant = OWN_PLANNING } = {}) => {
      const planned = plannedShare(share, shares);
      const documentHash = trusted === undefined ? hashOf(text) : hashOfTrusted(trusted, text);
      if (view !== undefined) await assertVisible({ text, documentHash, trusted, claimant }, view);
      const conditions =
        variables && conditionValues(conditionsOf({ text, documentHash, operationName, trusted }), variables);
      const key = keyOf(
        [documentHash, planned, trusted?.name ?? '', conditions === undefined ? '' : [...conditions.values()].join()],
        operationName,
      );
      return prepared(trusted).get({
        key,
        claimant,
        prepare: () => prepareNow({ text, documentHash, operationName, trusted, share: planned, conditions }),
      });
    },
  };
}

/** Returns what keeps things of texts, or of trusted documents. */
function keptApart<Kept>(open: () => Kept): (trusted: TrustedDocument | undefined) => Kept {
  const [ofTexts, ofTrusted] = [open(), open()];
  return (trusted) => (trusted === undefined ? ofTexts : ofTrusted);
}

/** Documents that are known to be valid, for each prepared document: callers have different views. */
const VIEWS_PER_DOCUMENT = 10;

/** Returns the check that a document is valid on what a caller can see. It remembers documents that are. */
function createVisibilityCheck(
  options: PreparerOptions,
  places: FairShare,
): (
  document: Pick<Preparation, 'text' | 'documentHash' | 'trusted'> & { readonly claimant: Claimant },
  view: SchemaView,
) => Promise<void> {
  const valid = keptApart(() => new PreparedOnce<true>(places, options.maxDocuments * VIEWS_PER_DOCUMENT));
  return async ({ text, documentHash, trusted, claimant }, view) => {
    const prepare = async (): Promise<true> => {
      await assertValidIn(view, text, options);
      return true;
    };
    await valid(trusted).get({ key: keyOf([documentHash, view.key], undefined), claimant, prepare });
  };
}

/** Refuses a document that is not valid on what a caller can see. The log is told which hidden categories it names. */
async function assertValidIn(view: SchemaView, text: string, options: PreparerOptions): Promise<void> {
  const { catalogue, publicSchema, allowedOperations } = options;
  const { document, yieldBetween } = parseWithinLimits(text, options);
  try {
    await validateDocument(view.schema, document, allowedOperations, yieldBetween);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'GRAPHQL_VALIDATION_FAILED') throw error;
    const categories = hiddenCategoriesIn(document, publicSchema, catalogue.governance, view.isVisible);
    throw new Refusal(error.code, { reasons: error.reasons, categories, cause: error });
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Joins the parts to one key. The parts contain no space. The operation's name comes last: the client chooses it, so it may contain any character. */
function keyOf(parts: readonly (string | number)[], operationName: string | undefined): string {
  return `${parts.join(' ')} ${operationName === undefined ? '' : `=${operationName}`}`;
}

/** Hashes the text of a trusted document once, because it does not change. */
function rememberedHash(): (trusted: TrustedDocument, text: string) => string {
  const known = new WeakMap<TrustedDocument, { readonly text: string; readonly hash: string }>();
  return (trusted, text) => {
    let found = known.get(trusted);
    if (found?.text !== text) known.set(trusted, (found = { text, hash: hashOf(text) }));
    return found.hash;
  };
}

/** Finds the condition variables of a document once, when it is first asked. */
function rememberedConditions({
  limits,
  maxDocuments,
}: PreparerOptions): (
  document: Pick<Preparation, 'text' | 'documentHash' | 'operationName' | 'trusted'>,
) => readonly ConditionVariable[] {
  const known = keptApart(() => new LRUCache<string, readonly ConditionVariable[]>({ max: maxDocuments }));
  return ({ text, documentHash, operationName, trusted }) => {
    const kept = known(trusted);
    const key = keyOf([documentHash], operationName);
    let conditions = kept.get(key);
    if (conditions === undefined)
      kept.set(key, (conditions = conditionVariablesIn(parseDocument(text, limits), operationName)));
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
  const namesOf = loggedNamesOf(publicSchema);
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
    const footprint = isGoverned ? footprintOf(plan, settled, dependencies) : [];
    assertLoggable(footprint);
    return {
      documentHash,
      operationName: operation.name?.value,
      loggedNames: namesOf(operation, trusted !== undefined),
      ...(trusted === undefined ? {} : { trusted }),
      document,
      operation,
      hardened,
      plan,
      footprint,
      ...(introspective === undefined ? {} : { introspective: introspectionOf(document, operation) ?? introspective }),
      catalogueHash: catalogue.hash,
      nonNullVariables: nonNullVariablesIn(publicSchema, { written: hardenedOperation, settled }),
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
  options: PreparerOptions,
): Promise<{ readonly document: DocumentNode; readonly yieldToEventLoop: YieldToEventLoop }> {
  const { document, yieldBetween } = parseWithinLimits(text, options);
  await validateDocument(options.publicSchema, document, options.allowedOperations, yieldBetween);
  return { document, yieldToEventLoop: yieldBetween ?? (() => Promise.resolve()) };
}

/** `yieldBetween`: undefined for a document that is small enough to be prepared at once. */
function parseWithinLimits(
  text: string,
  { limits }: PreparerOptions,
): { readonly document: DocumentNode; readonly yieldBetween: YieldToEventLoop | undefined } {
  const document = parseDocument(text, limits);
  return { document, yieldBetween: yieldBetweenSteps(assertWithinLimits(document, limits)) };
}

/** Returns the part that asks about the schema in the client's own keys, because graphql-js answers it. */
function introspectionOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationDefinitionNode | undefined {
  return splitIntrospection(inlineFragments(document, operation)).introspective;
}
