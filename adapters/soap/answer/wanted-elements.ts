import type { SelectedField } from '../../port.js';
import {
  readingOf,
  transformsOf,
  type AnyField,
  type MappedType,
  type MappedTypes,
} from '../../mapping/mapped-field.js';
import { stepsOf, type Path } from '../../mapping/path.js';
import { compileChain } from '../../mapping/transforms/compile-transform.js';
import { ownMember } from '../../../schemas/objects.js';

/** Name of the text of an element that has attributes or elements beside it. */
export const TEXT = '#text';

/**
 * Elements and attributes that are read, as a tree: elements by local name, attributes as `@name`, `xsi:type` as
 * `@xsi:type`. The parser skips any other.
 */
export interface WantedElement {
  readonly kind: 'leaf' | 'object';
  /** It may come more than once, and is read into a list. */
  readonly repeated: boolean;
  /** It only leads to others: no field is this element as a whole. */
  readonly leads: boolean;
  /** Whether more may be in it without a report: only that it is there counts. */
  readonly isOpen: boolean;
  readonly children: ReadonlyMap<string, WantedElement>;
}

/** A tree that is being made. */
export class WantedTree implements WantedElement {
  readonly kind: 'leaf' | 'object';
  readonly repeated: boolean;
  leads: boolean;
  isOpen = false;
  readonly children = new Map<string, WantedTree>();

  constructor(kind: 'leaf' | 'object' = 'object', repeated = false, leads = true) {
    this.kind = kind;
    this.repeated = repeated;
    this.leads = leads;
  }

  /**
   * Adds an element at the end of a path, and returns it. An element before a position is one that may come more than
   * once. Throws, with `what` in the text, if it would be read as two things.
   */
  add(path: Path, end: { readonly kind: 'leaf' | 'object'; readonly repeated: boolean }, what: string): WantedTree {
    const names = path.flatMap((step, at) =>
      typeof step === 'number' ? [] : [{ name: step, hasPosition: typeof path[at + 1] === 'number' }],
    );
    return names.reduce<WantedTree>((parent, { name, hasPosition }, step) => {
      const isEnd = step === names.length - 1;
      const kind = isEnd ? end.kind : 'object';
      const repeated = hasPosition || (isEnd && end.repeated);
      const there = parent.children.get(name) ?? new WantedTree(kind, repeated);
      if (there.kind !== kind || there.repeated !== repeated)
        throw new Error(
          `source.yaml reads ${path.join('.')} of ${what} as two things: the text of an element that has more in it is at [..., "${TEXT}"]`,
        );
      if (isEnd) there.leads = false;
      parent.children.set(name, there);
      return there;
    }, this);
  }

  /** Adds an element of which only counts whether it is there. */
  addPresence(path: Path, what: string): void {
    const there = path.reduce<WantedTree | undefined>(
      (parent, step) => (typeof step === 'number' ? parent : parent?.children.get(step)),
      this,
    );
    if (there === undefined) this.add(path, { kind: 'object', repeated: false }, what).isOpen = true;
  }
}

/**
 * Adds the elements that the selection reads of a record of this type. Throws for a field that the mapping lacks, or
 * that would be read as two things.
 */
export function wantFields(types: MappedTypes, type: string, fields: readonly SelectedField[], into: WantedTree): void {
  const told = ownMember(types, type)?.discriminator;
  if (told !== undefined) {
    wantAbstract(types, told, fields, into);
    return;
  }
  for (const field of fields) {
    if (field.name === '__typename') continue;
    const mapped = mappedFieldOf(types, type, field.name);
    const reading = readingOf(field.name, mapped);
    if (reading.kind === 'not_provided' || reading.kind === 'apart') continue;
    const kind = reading.kind === 'object' || reading.kind === 'abstract' ? 'object' : 'leaf';
    const element = into.add(
      reading.at,
      { kind, repeated: takesList(mapped, field) },
      `${field.parentType}.${field.name}`,
    );
    if (reading.kind === 'object') wantFields(types, reading.type, field.fields, element);
    if (reading.kind === 'abstract') wantAbstract(types, reading.discriminator, field.fields, element);
  }
}

/** Adds what tells the types apart, and of each type what it has of the selection. */
function wantAbstract(
  types: MappedTypes,
  { at, types: told, default: other }: NonNullable<MappedType['discriminator']>,
  fields: readonly SelectedField[],
  into: WantedTree,
): void {
  into.add(stepsOf(at), { kind: 'leaf', repeated: false }, 'a discriminator');
  const concrete = new Set([...Object.values(told), ...(other === undefined ? [] : [other])]);
  for (const type of concrete) {
    const mapped = ownMember(types, type)?.fields ?? {};
    const own = fields.filter(
      ({ parentType, name }) => parentType === type || (!concrete.has(parentType) && Object.hasOwn(mapped, name)),
    );
    wantFields(types, type, own, into);
  }
}

/** Whether the value of a field is a list in the record. It may be one that the mapping makes a single value of. */
function takesList(mapped: AnyField, { type, list }: SelectedField): boolean {
  const transforms = transformsOf(mapped);
  return transforms.length === 0 ? list : compileChain(transforms, type, list).takesList;
}

/** Returns where a field is. Throws for a field that the mapping lacks. */
export function mappedFieldOf(types: MappedTypes, type: string, name: string): AnyField {
  const mapped = ownMember(ownMember(types, type)?.fields ?? {}, name);
  if (mapped === undefined) throw new Error(`source.yaml maps no ${type}.${name}`);
  return mapped;
}
