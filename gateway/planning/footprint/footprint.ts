import { buildASTSchema, parse, type OperationDefinitionNode, Kind, type FieldNode, type SelectionNode } from 'graphql';
import type { Catalogue, GovernanceIndex, Link } from '../../../schemas/catalogue/governance.js';
import { supergraphTypes, type SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';
import { keyFields, requiredFields, type KeyFields, type RequiredFields } from './join-directives.js';
import { Refusal } from '../../../schemas/refusal.js';
import { Attribution, type SentField } from './attribution.js';
import {
  clientFields,
  fetchesOf,
  joined,
  renamedKey,
  rewritesBelow,
  dotted,
  keyOf,
  listSelections,
} from '../plan-walk.js';
import type { FootprintEntry, PlanNode, EntityFetchNode, FetchNode, Rewrite } from '../plan.js';
import type { Access } from '../../../schemas/vocabulary.js';
import { clientKey } from '../document/aliases.js';

/** What is needed to determine what a plan reads. */
export interface FootprintDependencies {
  readonly governance: GovernanceIndex;
  readonly types: SupergraphTypes;
  readonly requires: RequiredFields;
  readonly keys: KeyFields;
}

/** Reads these from a catalogue, once for all documents, because the supergraph is parsed. */
export function footprintDependencies({
  supergraphSdl,
  governance,
}: Pick<Catalogue, 'supergraphSdl' | 'governance'>): FootprintDependencies {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const types = supergraphTypes(buildASTSchema(supergraph, { assumeValid: true, assumeValidSDL: true }));
  return { governance, types, requires: requiredFields(supergraph), keys: keyFields(supergraph) };
}

/**
 * Returns everything that a plan reads, with its category: what the client selected, and what keys,
 * `@requires` and derived fields read on the way. What the client did not write is attributed
 * to the client's fields that need it. `operation`: hardened, fragments inlined. Refuses
 * with `PLAN_FAILED` a plan that requires a path that none of its fetches reads.
 */
export function footprintOf(
  plan: PlanNode | undefined,
  operation: OperationDefinitionNode,
  dependencies: FootprintDependencies,
): readonly FootprintEntry[] {
  if (plan === undefined) return [];
  const client = clientFields(operation);
  const fetches = fetchesOf(plan);
  const attribution = Attribution.of(fetches, client, dependencies.requires);
  const reader = new FootprintReader(client, attribution, dependencies);
  for (const fetch of fetches) reader.fetch(fetch);
  for (const sent of attribution.sent) reader.sent(sent);
  for (const path of attribution.required)
    if (!reader.hasRead(path)) throw new Refusal('PLAN_FAILED', { reasons: ['unread_requirement'] });
  return reader.entries();
}

/** Links to other persons by their path. Data below such a path is about that person. */
export type FoundLinks = Map<string, Link>;

/** Where the reader is: the dotted path in the data, and the output rewrites that apply below it. */
interface ReaderPosition {
  readonly path: string;
  readonly rewrites: readonly Rewrite[];
}

interface Entry {
  readonly register: string;
  readonly coordinate: string;
  readonly category: string;
  access: Access;
  readonly clientPaths: Set<string>;
  ofNamed: boolean;
  ofNoPerson?: true;
}

interface ReadField {
  readonly register: string;
  readonly parent: string;
  readonly name: string;
  readonly access: Access;
  readonly clientPaths: ReadonlySet<string>;
  readonly ofNamed: boolean;
  readonly ofNoPerson: boolean;
}

/**
 * Records what fetches read, with its category. Either one reader reads all fetches of a plan, or each
 * fetch has a reader of its own. In the second case the readers share `links`, because a link that an
 * earlier fetch found may be above a path that a later fetch reads. Paths are dotted, in hardened
 * response keys.
 */
export class FootprintReader {
  readonly #client: ReadonlySet<string>;
  readonly #attribution: Attribution;
  readonly #governance: GovernanceIndex;
  readonly #types: SupergraphTypes;
  readonly #entries = new Map<string, Entry>();
  readonly #read = new Set<string>();
  readonly #links: FoundLinks;
  /** Response keys of root fields that name no person. */
  readonly #unnamed = new Set<string>();

  constructor(
    client: ReadonlySet<string>,
    attribution: Attribution,
    { governance, types }: FootprintDependencies,
    links: FoundLinks = new Map(),
  ) {
    this.#client = client;
    this.#attribution = attribution;
    this.#governance = governance;
    this.#types = types;
    this.#links = links;
  }

  entries(): readonly FootprintEntry[] {
    return [...this.#entries.values()].map((entry) => ({
      ...entry,
      clientPaths: [...entry.clientPaths].map(asWritten).sort(),
    }));
  }

  hasRead(path: string): boolean {
    return this.#read.has(path);
  }

  fetch(fetch: FetchNode | EntityFetchNode): void {
    const { selections } = fetch.operation.selectionSet;
    if (fetch.kind === 'fetch')
      return this.#selections(fetch.register, selections, this.#types.rootType('query'), {
        path: '',
        rewrites: fetch.outputRewrites,
      });
    for (const list of fetch.lists) {
      for (const path of list.paths)
        this.#selections(fetch.register, listSelections(fetch, list), '_Entity', {
          path: dotted(path),
          rewrites: list.outputRewrites,
        });
    }
  }

  sent({ register, type, field, within, clientPaths }: SentField): void {
    const parent = within.reduce((outer, name) => this.#types.field(outer, name).name, type);
    const unnamed = [...clientPaths].filter((path) => this.#isUnnamed(path)).length;
    this.#record({
      ...{ register, parent, name: field, access: 'read', clientPaths },
      ofNamed: unnamed < clientPaths.size || unnamed === 0,
      ofNoPerson: unnamed > 0,
    });
  }

  #selections(register: string, selections: readonly SelectionNode[], parent: string, position: ReaderPosition): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        this.#selections(
          register,
          selection.selectionSet.selections,
          selection.typeCondition?.name.value ?? parent,
          position,
        );
      else if (selection.kind === Kind.FIELD && !selection.name.value.startsWith('__'))
        this.#field(register, selection, parent, position);
    }
  }

  #field(register: string, field: FieldNode, parent: string, position: ReaderPosition): void {
    const name = field.name.value;
    const path = joined(position.path, renamedKey(position.rewrites, keyOf(field)));
    this.#read.add(path);
    const link = this.#governance.link(register, parent, name);
    if (position.path === '' && this.#governance.subjectArgument(register, name) === undefined) this.#unnamed.add(path);
    const isOfRoot = !this.#isBeyondLink(path);
    const isUnnamed = this.#isUnnamed(path);
    const read = {
      ...{ register, parent, clientPaths: this.#attribution.of(path) },
      ofNamed: isOfRoot && !isUnnamed,
      ofNoPerson: isOfRoot && isUnnamed,
    };
    const shows = field.selectionSet === undefined || link !== undefined;
    this.#record({ ...read, name, access: this.#client.has(path) && shows ? 'disclose' : 'read' });
    for (const source of this.#governance.derived(register, parent, name)?.from ?? [])
      this.#record({ ...read, name: source, access: 'read' });
    if (link !== undefined) this.#links.set(path, link);
    if (field.selectionSet === undefined) return;
    this.#selections(register, field.selectionSet.selections, this.#types.field(parent, name).name, {
      path,
      rewrites: rewritesBelow(position.rewrites, keyOf(field)),
    });
  }

  #isUnnamed(path: string): boolean {
    const [root = ''] = path.split('.', 1);
    return this.#unnamed.has(root);
  }

  #isBeyondLink(path: string): boolean {
    const steps = path.split('.');
    return steps.some((_, end) => end > 0 && this.#links.has(steps.slice(0, end).join('.')));
  }

  /** Records a field. A field of an interface is recorded for every object type of it that has a category. */
  #record({ register, parent, name, access, clientPaths, ofNamed, ofNoPerson }: ReadField): void {
    const concrete = this.#types.isObject(parent) ? [parent] : [...this.#types.possibleTypes(parent)];
    const categorised = concrete.flatMap((type) => {
      const category = this.#governance.category(register, type, name);
      return category === undefined ? [] : [{ type, category: category.name }];
    });
    if (categorised.length === 0) throw new Error(`${register}: ${parent}.${name} has no category`);
    for (const { type, category } of categorised)
      this.#add({
        register,
        coordinate: `${type}.${name}`,
        category,
        access,
        clientPaths: new Set(clientPaths),
        ofNamed,
        ...(ofNoPerson ? { ofNoPerson } : {}),
      });
  }

  #add(entry: Entry): void {
    const key = `${entry.register} ${entry.coordinate}`;
    const known = this.#entries.get(key);
    if (known === undefined) {
      this.#entries.set(key, entry);
      return;
    }
    if (entry.access === 'disclose') known.access = 'disclose';
    known.ofNamed ||= entry.ofNamed;
    if (entry.ofNoPerson) known.ofNoPerson = true;
    for (const path of entry.clientPaths) known.clientPaths.add(path);
  }
}

/** Returns a path in the keys that the client wrote. */
export function asWritten(path: string): string {
  return path.split('.').map(clientKey).join('.');
}
