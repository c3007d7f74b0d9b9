import { isObject, ownMember } from '../../schemas/objects.js';
import type { Beyond, FieldName, SelectedField } from '../port.js';
import { keyFieldsOf, readingOf, type AnyField, type MappedType, type MappedTypes } from './mapped-field.js';
import type { Path } from './path.js';

/** What the mapping reads at a member of a record, and a selection leaves out: fields that are there, and what is below. */
export interface Unread {
  readonly fields: readonly FieldName[];
  /** By the names of members. Positions in lists are left out: the same counts for each item. */
  readonly members: ReadonlyMap<string, Unread>;
}

/** An {@link Unread} that is being made. */
interface Node {
  fields: readonly FieldName[];
  /** Whether a selected field is here or below. Then that the member is there says nothing about another field. */
  isRead: boolean;
  readonly members: Map<string, Node>;
}

/** Nothing is left out. */
export const ALL_READ: Unread = { fields: [], members: new Map() };

/**
 * Returns what the mapping reads of a record of this type and the selection leaves out, at any depth. The key of the type
 * is not left out: the record was asked for by it.
 */
export function compileUnread(types: MappedTypes, type: string, fields: readonly SelectedField[]): Unread {
  const root: Node = { fields: [], isRead: true, members: new Map() };
  const names = fields.map(({ name }) => name);
  for (const one of concreteTypes(types, type)) {
    const key = keyFieldsOf(one.mapped);
    addUnread(types, { ...one, within: [] }, { fields, names: new Set([...names, ...key]) }, root);
  }
  leaveOutRead(root);
  return root;
}

interface MappedHere {
  readonly type: string;
  readonly mapped: MappedType;
  /** Types around it. A type within itself is not followed again. */
  readonly within: readonly string[];
}

interface SelectedHere {
  readonly fields: readonly SelectedField[];
  readonly names: ReadonlySet<string>;
}

function addUnread(types: MappedTypes, here: MappedHere, selected: SelectedHere, into: Node): void {
  const { type, mapped, within } = here;
  for (const [name, given] of Object.entries(mapped.fields)) {
    const place = placeOf(name, given);
    if (place === undefined) continue;
    const { at, inner } = place;
    const isSelected = selected.names.has(name);
    const node = nodeAt(at, into, isSelected);
    if (!isSelected) node.fields = [...node.fields, { type, name }];
    const below = selected.fields.filter((field) => field.name === name).flatMap((field) => field.fields);
    for (const one of inner.flatMap((of) => concreteTypes(types, of)))
      if (!within.includes(one.type))
        addUnread(
          types,
          { ...one, within: [...within, type] },
          { fields: below, names: new Set(below.map((field) => field.name)) },
          node,
        );
  }
}

/** Returns where a field is, and the types of the objects there. Undefined if it is not in the record. */
function placeOf(name: string, given: AnyField): { readonly at: Path; readonly inner: readonly string[] } | undefined {
  const reading = readingOf(name, given);
  switch (reading.kind) {
    case 'apart':
    case 'not_provided':
      return undefined;
    case 'leaf':
    case 'reference':
      return { at: reading.at, inner: [] };
    case 'object':
      return { at: reading.at, inner: [reading.type] };
    case 'abstract':
      return { at: reading.at, inner: typesOf(reading.discriminator) };
  }
}

function concreteTypes(
  types: MappedTypes,
  type: string,
): readonly { readonly type: string; readonly mapped: MappedType }[] {
  const mapped = ownMember(types, type);
  if (mapped === undefined) return [];
  if (mapped.discriminator === undefined) return [{ type, mapped }];
  return typesOf(mapped.discriminator).flatMap((one) => {
    const concrete = ownMember(types, one);
    return concrete === undefined ? [] : [{ type: one, mapped: concrete }];
  });
}

function typesOf({ types, default: other }: NonNullable<MappedType['discriminator']>): readonly string[] {
  return [...new Set([...Object.values(types), ...(other === undefined ? [] : [other])])];
}

function nodeAt(path: Path, root: Node, isRead: boolean): Node {
  let node = root;
  for (const step of path) {
    if (typeof step === 'number') continue;
    const next: Node = node.members.get(step) ?? { fields: [], isRead: false, members: new Map() };
    next.isRead ||= isRead;
    node.members.set(step, next);
    node = next;
  }
  return node;
}

/** Removes the fields that read the value of a selected one, and members below which nothing is left. */
function leaveOutRead(node: Node): void {
  if (node.isRead) node.fields = [];
  for (const [name, below] of node.members) {
    leaveOutRead(below);
    if (below.fields.length === 0 && below.members.size === 0) node.members.delete(name);
  }
}

/** Collects what a register sent beyond a selection, over many records. */
export class BeyondFinder {
  readonly #fields = new Map<string, FieldName>();
  readonly #seen = new Set<Unread>();
  #isUnmapped = false;

  /** Looks for what a record holds of these. A member that is null was sent, too. */
  find(record: unknown, { members }: Unread): void {
    if (members.size === 0) return;
    if (Array.isArray(record)) {
      for (const item of record) this.find(item, { fields: [], members });
      return;
    }
    if (!isObject(record)) return;
    for (const [name, node] of members) {
      const isLeaf = node.members.size === 0;
      if (isLeaf && this.#seen.has(node)) continue;
      const value = ownMember(record, name);
      if (value === undefined) continue;
      this.note(node);
      if (!isLeaf) this.find(value, node);
    }
  }

  /** Notes that a member was sent. Undefined: one that no field of the mapping reads. */
  note(node: Unread | undefined): void {
    if (node === undefined) this.#isUnmapped = true;
    else if (!this.#seen.has(node)) {
      this.#seen.add(node);
      for (const field of node.fields) this.noteField(field);
    }
  }

  /** Adds what was found elsewhere. */
  add({ fields, isUnmapped }: Beyond): void {
    for (const field of fields) this.noteField(field);
    this.#isUnmapped ||= isUnmapped;
  }

  noteField(field: FieldName): void {
    this.#fields.set(`${field.type}.${field.name}`, field);
  }

  /** Returns what was found; undefined if nothing was. */
  get found(): Beyond | undefined {
    if (this.#fields.size === 0 && !this.#isUnmapped) return undefined;
    return { fields: [...this.#fields.values()], isUnmapped: this.#isUnmapped };
  }
}
