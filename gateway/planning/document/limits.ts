import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';

/** How large a document may become when its fragments are expanded. */
export interface ComplexityLimits {
  /** Levels of fields. */
  readonly maxDepth: number;
  /** Aliases, after expansion. */
  readonly maxAliases: number;
  /** Fields at the root, after expansion. */
  readonly maxRootFields: number;
  /** Fields and fragments in all, after expansion. */
  readonly maxFields: number;
  /** Fragment definitions. */
  readonly maxFragments: number;
}

interface Measure {
  readonly depth: number;
  /** Fields, inline fragments and spreads. */
  readonly fields: number;
  readonly aliases: number;
  /** Fields directly in this selection set, fragments expanded. */
  readonly width: number;
}

const NOTHING: Measure = { depth: 0, fields: 0, aliases: 0, width: 0 };
const SPREAD: Measure = { ...NOTHING, fields: 1 };

/**
 * Refuses documents that are small to send but expensive to answer, with `QUERY_TOO_COMPLEX`. Must run
 * before any step whose cost is not linear: each fragment is measured once, so the expanded size is
 * counted without expanding. Returns the number of fields and fragments of the largest definition,
 * after expansion.
 */
export function assertWithinLimits(document: DocumentNode, limits: ComplexityLimits): number {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  refuseAbove('fragments', fragments.size, limits.maxFragments);
  const ruler = new Ruler(fragments);
  let largest = 0;
  for (const definition of document.definitions) {
    const isRoot = definition.kind === Kind.OPERATION_DEFINITION;
    if (!isRoot && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const measure = ruler.selectionSet(definition.selectionSet);
    refuseAbove('depth', measure.depth, limits.maxDepth);
    refuseAbove('aliases', measure.aliases, limits.maxAliases);
    refuseAbove('fields', measure.fields, limits.maxFields);
    if (isRoot) refuseAbove('root_fields', measure.width, limits.maxRootFields);
    largest = Math.max(largest, measure.fields);
  }
  return largest;
}

function refuseAbove(reason: string, measured: number, limit: number): void {
  if (measured > limit) throw new Refusal('QUERY_TOO_COMPLEX', { reasons: [reason] });
}

class Ruler {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #measured = new Map<string, Measure | 'measuring'>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments;
  }

  selectionSet({ selections }: SelectionSetNode): Measure {
    return selections.map((selection) => this.#selection(selection)).reduce(together, NOTHING);
  }

  #selection(selection: SelectionNode): Measure {
    if (selection.kind === Kind.INLINE_FRAGMENT) return together(SPREAD, this.selectionSet(selection.selectionSet));
    if (selection.kind === Kind.FRAGMENT_SPREAD) return together(SPREAD, this.#fragment(selection.name.value));
    const below = selection.selectionSet ? this.selectionSet(selection.selectionSet) : NOTHING;
    return {
      depth: below.depth + 1,
      fields: below.fields + 1,
      aliases: below.aliases + (selection.alias ? 1 : 0),
      width: 1,
    };
  }

  #fragment(name: string): Measure {
    const known = this.#measured.get(name);
    if (known === 'measuring') throw new Refusal('GRAPHQL_VALIDATION_FAILED', { reasons: ['NoFragmentCycles'] });
    if (known !== undefined) return known;
    this.#measured.set(name, 'measuring');
    const fragment = this.#fragments.get(name);
    const measure = fragment ? this.selectionSet(fragment.selectionSet) : NOTHING;
    this.#measured.set(name, measure);
    return measure;
  }
}

function together(one: Measure, other: Measure): Measure {
  return {
    depth: Math.max(one.depth, other.depth),
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
    width: one.width + other.width,
  };
}

/** Resolves in a later turn of the event loop, so that other requests run between two steps of long work. */
export type YieldToEventLoop = () => Promise<void>;

/** A document with this many fields and fragments is prepared in steps. Preparing a smaller one takes less time than one such step. */
const LARGE = 300;

/** Returns what yields between the steps of a large document; undefined for a small one, which is prepared in one step. */
export function yieldBetweenSteps(fields: number): YieldToEventLoop | undefined {
  return fields < LARGE ? undefined : () => new Promise((resolve) => setImmediate(resolve));
}
