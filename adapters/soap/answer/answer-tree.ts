import { isObject, ownMember } from '../../../schemas/objects.js';
import type { SelectedField } from '../../port.js';
import type { MappedTypes } from '../../mapping/mapped-field.js';
import type { Path } from '../../mapping/path.js';
import { compileUnread, type Unread } from '../../mapping/unread.js';
import type { SoapOperation } from '../source/operations-source.js';
import { UNREADABLE } from './element-reader.js';
import { wantFields, WantedTree } from './wanted-elements.js';

/** What a selection wants of the answers of an operation. */
export interface AnswerTree {
  readonly operation: SoapOperation;
  readonly tree: WantedTree;
  /** What the mapping reads of answers and the selection leaves out. */
  readonly unread: Unread;
}

/** What an answer says. `declined`: the register does not answer this. `unexpected`: no answer of this operation. */
export type AnswerOutcome =
  | { readonly is: 'absent' | 'declined' | 'unexpected' | 'repeated' }
  | {
      readonly is: 'records';
      /** In their order. An item is no object if the element holds something else, and null if it is nil. */
      readonly records: readonly unknown[];
      readonly absentKeys: readonly unknown[];
    };

/**
 * Returns the tree of elements that are read of an answer: those of the selection, of the key at `keyPaths` below the
 * record, and those by which the mapping tells answers apart. Throws for a field that the mapping lacks.
 */
export function compileAnswerTree(
  types: MappedTypes,
  operation: SoapOperation,
  {
    type,
    fields,
    keyPaths,
  }: {
    readonly type: string;
    readonly fields: readonly SelectedField[];
    readonly keyPaths: readonly Path[];
  },
): AnswerTree {
  const { record, items, absent, success, not_found: notFound, refused } = operation.answer;
  const tree = new WantedTree();
  const path = items ?? record ?? [];
  const end = { kind: 'object', repeated: items !== undefined } as const;
  const recordTree = path.length === 0 ? tree : tree.add(path, end, 'the answer');
  wantFields(types, type, fields, recordTree);
  for (const keyPath of keyPaths) recordTree.add(keyPath, { kind: 'leaf', repeated: false }, `the key of ${type}`);
  if (absent !== undefined) tree.add(absent, { kind: 'leaf', repeated: true }, 'absent');
  for (const code of [success, notFound.code])
    if (code !== undefined) tree.add(code.at, { kind: 'leaf', repeated: false }, 'a code');
  for (const element of [notFound.element, refused]) if (element !== undefined) tree.addPresence(element, 'the answer');
  return { operation, tree, unread: unreadAt(path, compileUnread(types, type, fields)) };
}

function unreadAt(path: Path, record: Unread): Unread {
  return path.reduceRight<Unread>(
    (below, step) => (typeof step === 'number' ? below : { fields: [], members: new Map([[step, below]]) }),
    record,
  );
}

/** Returns what an answer says that was read by this tree. */
export function outcomeOf(root: Readonly<Record<string, unknown>>, { answer }: SoapOperation): AnswerOutcome {
  const { success, not_found: notFound, refused } = answer;
  if (notFound.code !== undefined && isOneOf(valueAt(root, notFound.code.at), notFound.code.is))
    return { is: 'absent' };
  if (notFound.element !== undefined && valueAt(root, notFound.element) !== undefined) return { is: 'absent' };
  if (refused !== undefined && valueAt(root, refused) !== undefined) return { is: 'declined' };
  if (success !== undefined) {
    const code = valueAt(root, success.at);
    if (typeof code !== 'string') return { is: 'unexpected' };
    if (!success.is.includes(code)) return { is: 'declined' };
  }
  return recordsOf(root, answer);
}

function recordsOf(
  root: Readonly<Record<string, unknown>>,
  { record, items, absent, not_found: notFound }: SoapOperation['answer'],
): AnswerOutcome {
  const path = items ?? record ?? [];
  const [first] = path;
  if (first !== undefined && valueAt(root, [first]) === undefined) return { is: 'unexpected' };
  const value = valueAt(root, path);
  const absentKeys = absent === undefined ? [] : listOf(valueAt(root, absent));
  if (items !== undefined) return { is: 'records', records: listOf(value), absentKeys };
  if (value === UNREADABLE) return { is: 'repeated' };
  if (value !== undefined && value !== null) return { is: 'records', records: [value], absentKeys };
  return { is: notFound.missing === true ? 'absent' : 'unexpected' };
}

/** Returns the value at a path. Undefined if there is none; an element as a whole that came more than once is unreadable. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (value === UNREADABLE) return UNREADABLE;
    if (typeof step === 'number') value = Array.isArray(value) ? (value as unknown[])[step] : undefined;
    else value = isObject(value) ? ownMember(value, step) : undefined;
  }
  return value;
}

function isOneOf(value: unknown, codes: readonly string[]): boolean {
  return typeof value === 'string' && codes.includes(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
