import type { SelectedField } from '../port.js';
import { compileRecord } from '../mapping/compile-record.js';
import type { MappedTypes } from '../mapping/mapped-field.js';
import type { Path } from '../mapping/path.js';
import { namesIn, treeOf, type MemberTree } from './member-tree.js';

/** What is requested of a record. */
export interface Selection {
  /** In the form in which the register takes them, in order, so that equal selections are equal texts. */
  readonly members: readonly string[];
  /** What a record then has. */
  readonly tree: MemberTree;
  /** Whether single values are requested. Otherwise the members of the record come whole. */
  readonly isByPath?: boolean;
}

/** Returns what is requested of a record for a selection. `always`: what is requested in any case. */
export type SelectMembers = (
  types: MappedTypes,
  type: string,
  fields: readonly SelectedField[],
  always: readonly Path[],
) => Selection;

/** Selects members of the record by their names. They come whole. */
export const selectByName: SelectMembers = (types, type, fields, always) => {
  const { paths } = compileRecord(types, type, fields);
  const firsts = [...always, ...paths].map((path) => namesIn(path).slice(0, 1));
  return selectionOf(firsts, (names) => names.join(''));
};

/**
 * Returns what selects values by their whole paths, with this between the names. A path has no positions in lists: the
 * same is requested of each item.
 */
export function selectByPath(separator: string): SelectMembers {
  return (types, type, fields, always) => {
    const { values } = compileRecord(types, type, fields, { isByPath: true });
    const selection = selectionOf([...always, ...values].map(namesIn), (names) => names.join(separator));
    return { ...selection, isByPath: true };
  };
}

function selectionOf(
  paths: readonly (readonly string[])[],
  written: (names: readonly string[]) => string,
): Pick<Selection, 'members' | 'tree'> {
  const named = paths.filter((names) => names.length > 0);
  return { members: [...new Set(named.map(written))].sort(), tree: treeOf(named) };
}
