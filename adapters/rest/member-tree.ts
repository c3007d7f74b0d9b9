import { isObject } from '../../schemas/objects.js';
import { ALL_READ, type Unread } from '../mapping/unread.js';
import type { Path } from '../mapping/path.js';

/** What a register was asked for of a record. */
export interface MemberTree {
  /** Whether a record has a member that was neither asked for nor is one of these, at any depth. */
  isLeftBeyond(record: unknown, unread: Unread): boolean;
  /** Whether a record has a member that was not asked for, at any depth. */
  isLeftBy(record: unknown): boolean;
}

/** The members of an object that were asked for. Null: the member was asked for with all that is in it. */
type Node = Map<string, Node | null>;

/** Compiles what a record has if it holds what is at these paths, and nothing else. */
export function treeOf(paths: readonly (readonly string[])[]): MemberTree {
  const root: Node = new Map();
  for (const path of paths) plant(path, root);
  // Mostly members are asked for whole. This runs for every record.
  const isFlat = [...root.values()].every((below) => below === null);
  const isLeftBy = isFlat
    ? (record: unknown) => isObject(record) && Object.keys(record).some((name) => !root.has(name))
    : (record: unknown) => leaves(record, root);
  return { isLeftBy, isLeftBeyond: (record, unread) => leavesBeyond(record, root, unread) };
}

function plant(path: readonly string[], root: Node): void {
  let node = root;
  for (const [position, name] of path.entries()) {
    const found = node.get(name);
    if (found === null) return;
    const next: Node | null = position === path.length - 1 ? null : (found ?? new Map<string, Node | null>());
    node.set(name, next);
    if (next === null) return;
    node = next;
  }
}

function leaves(value: unknown, node: Node): boolean {
  if (Array.isArray(value)) return value.some((item) => leaves(item, node));
  if (!isObject(value)) return false;
  return Object.keys(value).some((name) => {
    const below = node.get(name);
    return below === undefined || (below !== null && leaves(value[name], below));
  });
}

const NOTHING_ASKED: Node = new Map();

function leavesBeyond(value: unknown, node: Node, unread: Unread): boolean {
  if (Array.isArray(value)) return value.some((item) => leavesBeyond(item, node, unread));
  if (!isObject(value)) return false;
  return Object.keys(value).some((name) => {
    const asked = node.get(name);
    const known = unread.members.get(name);
    if (asked === null) return false;
    if (asked === undefined && known === undefined) return true;
    if (known !== undefined && known.fields.length > 0 && known.members.size === 0) return false;
    return leavesBeyond(value[name], asked ?? NOTHING_ASKED, known ?? ALL_READ);
  });
}

/** Returns the names of a path, without positions in lists. */
export function namesIn(path: Path): readonly string[] {
  return path.filter((step) => typeof step === 'string');
}
