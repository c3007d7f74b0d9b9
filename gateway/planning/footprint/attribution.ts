import { Kind, type SelectionNode } from 'graphql';
import { Refusal } from '../../../schemas/refusal.js';
import { joined, renamedKey, dotted, interfaceOf, keyOf, listSelections } from '../plan-walk.js';
import type { EntityFetchNode, EntityList, FetchNode, RequiredSelection } from '../plan.js';
import type { RequiredFields } from './join-directives.js';

/** A field that a register is sent in the representation of an entity. */
export interface SentField {
  readonly register: string;
  readonly type: string;
  readonly field: string;
  /** Fields around it, from the entity down, under the names that the register knows. */
  readonly within: readonly string[];
  readonly clientPaths: ReadonlySet<string>;
}

/** A field that a fetch selects directly on its entities. */
interface ServedField {
  /** Paths of the client that need it. */
  readonly clientPaths: ReadonlySet<string>;
  /** Paths that `@requires` of the field names, dotted. */
  readonly requires: readonly string[];
}

/**
 * Says for each path that a plan reads which of the client's fields need it: directly, or because a
 * key or `@requires` of a later fetch reads it, over any number of hops. Paths are dotted, in hardened
 * response keys. Enter the entity fetches from the last to the first, so that the needs of a later
 * fetch reach the fetches before it.
 */
export class Attribution {
  readonly #client: ReadonlySet<string>;
  readonly #requires: RequiredFields;
  /** Path that a key or `@requires` reads -> the client's paths that need it. */
  readonly #neededBy = new Map<string, Set<string>>();
  readonly #sent: SentField[] = [];

  constructor(client: ReadonlySet<string>, requires: RequiredFields) {
    this.#client = client;
    this.#requires = requires;
  }

  /** The attribution of a whole plan. */
  static of(
    fetches: readonly (FetchNode | EntityFetchNode)[],
    client: ReadonlySet<string>,
    requires: RequiredFields,
  ): Attribution {
    const attribution = new Attribution(client, requires);
    for (const fetch of [...fetches].reverse()) if (fetch.kind === 'entities') attribution.enter(fetch);
    return attribution;
  }

  enter(fetch: EntityFetchNode): void {
    for (const list of fetch.lists) for (const path of list.paths) this.#list(fetch, list, dotted(path));
  }

  /** Fields that registers are sent in representations. Sending a field discloses it to the register, so it counts as read. */
  get sent(): readonly SentField[] {
    return this.#sent;
  }

  /** Paths that a fetch needs, and that an earlier fetch must therefore read. */
  get required(): Iterable<string> {
    return this.#neededBy.keys();
  }

  /** Returns the client's paths for which a path is read: the path itself if the client selected it, and the paths that need it. If there are none, returns the nearest path of the client around it. Never empty. */
  of(path: string): ReadonlySet<string> {
    const clientPaths = new Set([...(this.#client.has(path) ? [path] : []), ...(this.#neededBy.get(path) ?? [])]);
    return clientPaths.size > 0 ? clientPaths : new Set([this.#nearest(path)]);
  }

  #list(fetch: EntityFetchNode, list: EntityList, prefix: string): void {
    const served = this.#served(fetch.register, listSelections(fetch, list), '', list, prefix);
    for (const requirement of list.requires) {
      if (requirement.kind !== 'type') throw new Refusal('PLAN_FAILED', { reasons: ['unknown_requires'] });
      for (const required of requirement.selections)
        this.#requirement(required, {
          register: fetch.register,
          type: interfaceOf(list) ?? requirement.name,
          served,
          prefix,
          within: [],
        });
    }
  }

  #served(
    register: string,
    selections: readonly SelectionNode[],
    type: string,
    list: EntityList,
    prefix: string,
  ): readonly ServedField[] {
    return selections.flatMap((selection): readonly ServedField[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return this.#served(
          register,
          selection.selectionSet.selections,
          selection.typeCondition?.name.value ?? type,
          list,
          prefix,
        );
      if (selection.kind !== Kind.FIELD) return [];
      const path = joined(prefix, renamedKey(list.outputRewrites, keyOf(selection)));
      const requires = this.#requires(register, type, selection.name.value);
      return [{ clientPaths: this.of(path), requires }];
    });
  }

  #requirement(
    required: RequiredSelection,
    at: { register: string; type: string; served: readonly ServedField[]; prefix: string; within: readonly string[] },
  ): void {
    if (required.kind === 'type') {
      for (const selection of required.selections) this.#requirement(selection, at);
      return;
    }
    if (required.to === '__typename') return;
    const within = [...at.within, required.to];
    const clientPaths = clientPathsNeeding(within.join('.'), at.served);
    const path = joined(at.prefix, required.from);
    this.#neededBy.set(path, new Set([...(this.#neededBy.get(path) ?? []), ...clientPaths]));
    this.#sent.push({
      register: at.register,
      type: at.type,
      field: required.to,
      within: at.within,
      clientPaths,
    });
    for (const selection of required.selections) this.#requirement(selection, { ...at, prefix: path, within });
  }

  #nearest(path: string): string {
    const parts = path.split('.');
    while (parts.length > 1 && !this.#client.has(parts.join('.'))) parts.pop();
    return parts.join('.');
  }
}

/** Returns the client's paths of the fields whose `@requires` names the required field. If there are none, it is a key, and all fields need it. */
function clientPathsNeeding(required: string, served: readonly ServedField[]): ReadonlySet<string> {
  const requiring = served.filter(({ requires }) => requires.includes(required));
  return new Set((requiring.length > 0 ? requiring : served).flatMap(({ clientPaths }) => [...clientPaths]));
}
