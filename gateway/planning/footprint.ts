import { Kind, type FieldNode, type SelectionNode } from 'graphql';
import type { GovernanceIndex } from '../../schemas/catalogue/governance.js';
import type { Access } from '../../schemas/vocabulary.js';
import type { SupergraphTypes } from '../execution/supergraph-types.js';
import { clientFields, joined } from './client-fields.js';
import { clientKey } from './harden-aliases.js';
import type { EntityFetchNode, EntityList, FetchNode, FootprintEntry, PathStep, PlanNode, RequiredSelection } from './plan.js';
import type { OperationDefinitionNode } from 'graphql';

export interface FootprintDependencies {
  readonly governance: GovernanceIndex;
  readonly types: SupergraphTypes;
}

/**
 * Everything that a plan reads, with its category: what the client selected, and what keys,
 * `@requires` and derived fields read on the way. What the client did not write is put to the
 * account of the client's fields that need it. `operation`: hardened, fragments inlined.
 */
export function footprintOf(plan: PlanNode | undefined, operation: OperationDefinitionNode, dependencies: FootprintDependencies): readonly FootprintEntry[] {
  if (plan === undefined) return [];
  const reader = new FootprintReader(clientFields(operation), dependencies);
  const fetches = fetchesOf(plan);
  for (const fetch of fetches) if (fetch.kind === 'entities') reader.requirements(fetch);
  for (const fetch of fetches) reader.fetch(fetch);
  return reader.entries();
}

/** Every fetch of a plan, in order; both branches of conditions, because the decision does not depend on variables. */
export function fetchesOf(node: PlanNode): readonly (FetchNode | EntityFetchNode)[] {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'condition':
      return [node.ifTrue, node.ifFalse].flatMap((branch) => (branch === undefined ? [] : fetchesOf(branch)));
    case 'fetch':
    case 'entities':
      return [node];
  }
}

interface Entry {
  readonly register: string;
  readonly coordinate: string;
  readonly category: string;
  access: Access;
  readonly clientPaths: Set<string>;
}

class FootprintReader {
  readonly #client: ReadonlySet<string>;
  readonly #governance: GovernanceIndex;
  readonly #types: SupergraphTypes;
  readonly #entries = new Map<string, Entry>();
  /** Path that is read for others' sake -> the client's paths that need it. */
  readonly #neededBy = new Map<string, Set<string>>();

  constructor(client: ReadonlySet<string>, { governance, types }: FootprintDependencies) {
    this.#client = client;
    this.#governance = governance;
    this.#types = types;
  }

  entries(): readonly FootprintEntry[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry, clientPaths: [...entry.clientPaths].map((path) => path.split('.').map(clientKey).join('.')).sort() }));
  }

  /** Notes what each entity fetch requires of fetches before it, and that its register is sent these keys. */
  requirements(fetch: EntityFetchNode): void {
    for (const list of fetch.lists) {
      for (const path of list.paths) {
        const prefix = dotted(path);
        const served = this.#servedBy(fetch, list, prefix);
        this.#required(list.requires, prefix, served);
        this.#sent(fetch.register, list.requires, undefined, served);
      }
    }
  }

  fetch(fetch: FetchNode | EntityFetchNode): void {
    const { selections } = fetch.operation.selectionSet;
    if (fetch.kind === 'fetch') return this.#selections(fetch.register, selections, this.#types.rootType('query'), '');
    for (const list of fetch.lists) {
      for (const path of list.paths) this.#selections(fetch.register, listSelections(fetch, list), '_Entity', dotted(path));
    }
  }

  #servedBy(fetch: EntityFetchNode, list: EntityList, prefix: string): ReadonlySet<string> {
    const keys = listSelections(fetch, list).flatMap(topKeys).map((key) => joined(prefix, key));
    const selected = keys.filter((path) => this.#client.has(path));
    return new Set(selected.length > 0 ? selected : [this.#nearest(prefix)]);
  }

  #required(requires: readonly RequiredSelection[], prefix: string, served: ReadonlySet<string>): void {
    for (const requirement of requires) {
      if (requirement.kind === 'type') {
        this.#required(requirement.selections, prefix, served);
        continue;
      }
      const path = joined(prefix, requirement.from);
      const needing = this.#neededBy.get(path) ?? new Set<string>();
      for (const client of served) needing.add(client);
      this.#neededBy.set(path, needing);
      this.#required(requirement.selections, path, served);
    }
  }

  /** What a representation tells a register is read, too. */
  #sent(register: string, requires: readonly RequiredSelection[], type: string | undefined, served: ReadonlySet<string>): void {
    for (const requirement of requires) {
      if (requirement.kind === 'type') this.#sent(register, requirement.selections, requirement.name, served);
      else if (type !== undefined && requirement.to !== '__typename') {
        this.#note(register, type, requirement.to, 'read', served);
        if (requirement.selections.length > 0) this.#sent(register, requirement.selections, this.#types.field(type, requirement.to).name, served);
      }
    }
  }

  #selections(register: string, selections: readonly SelectionNode[], parent: string, prefix: string): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) this.#selections(register, selection.selectionSet.selections, selection.typeCondition?.name.value ?? parent, prefix);
      else if (selection.kind === Kind.FIELD && !selection.name.value.startsWith('__')) this.#field(register, selection, parent, prefix);
    }
  }

  #field(register: string, field: FieldNode, parent: string, prefix: string): void {
    const name = field.name.value;
    const path = joined(prefix, field.alias?.value ?? name);
    const selected = this.#client.has(path);
    const needing = new Set([...(selected ? [path] : []), ...(this.#neededBy.get(path) ?? [])]);
    if (needing.size === 0) needing.add(this.#nearest(path));
    const shows = field.selectionSet === undefined || this.#governance.link(register, parent, name) !== undefined;
    this.#note(register, parent, name, selected && shows ? 'disclose' : 'read', needing);
    for (const source of this.#governance.derived(register, parent, name)?.from ?? []) this.#note(register, parent, source, 'read', needing);
    if (field.selectionSet) this.#selections(register, field.selectionSet.selections, this.#types.field(parent, name).name, path);
  }

  /** An interface's field stands for that field of every type behind it. */
  #note(register: string, parent: string, name: string, access: Access, clientPaths: ReadonlySet<string>): void {
    const concrete = this.#types.isObject(parent) ? [parent] : [...this.#types.standsFor(parent)];
    const categorised = concrete.flatMap((type) => {
      const category = this.#governance.category(register, type, name);
      return category === undefined ? [] : [{ type, category: category.name }];
    });
    if (categorised.length === 0) throw new Error(`${register}: ${parent}.${name} has no category`);
    for (const { type, category } of categorised) this.#add({ register, coordinate: `${type}.${name}`, category, access, clientPaths: new Set(clientPaths) });
  }

  #add(entry: Entry): void {
    const key = `${entry.register} ${entry.coordinate}`;
    const known = this.#entries.get(key);
    if (known === undefined) {
      this.#entries.set(key, entry);
      return;
    }
    if (entry.access === 'disclose') known.access = 'disclose';
    for (const path of entry.clientPaths) known.clientPaths.add(path);
  }

  /** The longest part of a path that the client wrote. */
  #nearest(path: string): string {
    const parts = path.split('.');
    while (parts.length > 1 && !this.#client.has(parts.join('.'))) parts.pop();
    return parts.join('.');
  }
}

function listSelections({ operation }: EntityFetchNode, { alias }: EntityList): readonly SelectionNode[] {
  const field = operation.selectionSet.selections.find((selection) => selection.kind === Kind.FIELD && (selection.alias?.value ?? selection.name.value) === alias);
  return field?.kind === Kind.FIELD ? (field.selectionSet?.selections ?? []) : [];
}

function topKeys(selection: SelectionNode): readonly string[] {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet.selections.flatMap(topKeys);
  return selection.kind === Kind.FIELD ? [selection.alias?.value ?? selection.name.value] : [];
}

function dotted(path: readonly PathStep[]): string {
  return path.flatMap((step) => (step.kind === 'field' ? [step.key] : [])).join('.');
}
