import type { FetchSelection, PreparedFetch, RegisterCall } from '../port.js';

/** Where a call reads several things at once, so that no one of them is known to have failed. */
const SEVERAL = 'several';

/**
 * Names what calls read, for the label `operation` of metrics: the type whose records are read by their keys, or the root
 * field. So the names are those of the register's schema, and as many at most. Costs nothing until a call fails.
 */
export class ReadNames {
  readonly #names = new WeakMap<PreparedFetch, string>();

  /** Keeps the name of a prepared fetch, and returns the fetch. */
  keep(prepared: PreparedFetch, selection: FetchSelection): PreparedFetch {
    this.#names.set(prepared, nameOf(selection));
    return prepared;
  }

  of(groups: readonly Pick<RegisterCall['groups'][number], 'prepared'>[]): string {
    return one(groups.map(({ prepared }) => this.#names.get(prepared) ?? SEVERAL));
  }
}

function nameOf({ kind, fields }: FetchSelection): string {
  return one(fields.map(({ name, parentType }) => (kind === 'root' ? name : parentType)));
}

function one(names: readonly string[]): string {
  const [first = SEVERAL] = names;
  return names.every((name) => name === first) ? first : SEVERAL;
}
