import type { ArgumentNode } from 'graphql';
import type { Derive } from '../../../policies/disclosure/port.js';
import type { Link, ListBound } from '../../../schemas/catalogue/governance.js';
import type { Access } from '../../../schemas/vocabulary.js';
import type { Rename } from './rewrites.js';

/** What one fetch reads of one type of object, with what governs each field. */
export interface ReadSelection {
  readonly register: string;
  /** Type of the objects; abstract when it is only known from `__typename`. */
  readonly type: string;
  readonly abstract: boolean;
  readonly fields: readonly ReadField[];
  /** Response key of the number of the person that objects of a type are about, by type. */
  readonly identity: ReadonlyMap<string, string>;
  /** Response key of the code of the dwelling that objects of a type are or tell, by type. */
  readonly dwelling: ReadonlyMap<string, string>;
  /** Whether a field here or below leads to another person. */
  readonly leadsToOthers: boolean;
  /** Whether objects here or below tell a dwelling. */
  readonly tellsDwellings: boolean;
}

export interface ReadField {
  readonly name: string;
  readonly responseKey: string;
  /** Type on which the field is selected. */
  readonly parentType: string;
  /** Type conditions around it that its object's type does not imply, outermost first. */
  readonly within: readonly string[];
  readonly arguments: readonly ArgumentNode[];
  /** Named type. */
  readonly type: string;
  readonly list: boolean;
  /** How many nested lists its values are in. */
  readonly lists: number;
  readonly origin: FieldOrigin;
  /** Undefined only for `__typename`, for identities, and where nothing is governed. */
  readonly category: string | undefined;
  readonly access: Access;
  readonly link: Link | undefined;
  readonly derivation: FieldDerivation | undefined;
  /** The `@listSize` bound of the list, if it has one. */
  readonly bound: ListBound | undefined;
  readonly renames: readonly Rename[];
  /** Undefined for leaves. */
  readonly below: ReadSelection | undefined;
}

/**
 * `plan`: selected by the plan. `source`: added for a derived field only, dropped after use.
 * `identity`: added to know the person that an object is about or the dwelling that it tells, dropped after use. `typename`: `__typename`.
 */
export type FieldOrigin = 'plan' | 'source' | 'identity' | 'typename';

export interface FieldDerivation {
  readonly derive: Derive;
  readonly sources: readonly DerivationSource[];
}

export interface DerivationSource {
  readonly name: string;
  readonly responseKey: string;
  readonly category: string;
}

/** Whether a field can be part of the answer. Fields that the gateway adds are not. */
export function isContent({ origin }: ReadField): boolean {
  return origin === 'plan';
}

/** Returns the type of a record: the selection's type, or the record's `__typename` if the selection's type is abstract. */
export function concreteType(
  record: Readonly<Record<string, unknown>>,
  { abstract, type }: ReadSelection,
): string | undefined {
  const stated = record['__typename'];
  if (!abstract) return type;
  return typeof stated === 'string' ? stated : undefined;
}

/** Names of the categories that must not be read of a person, and of the links that must not be followed ({@link linkName}). */
export type Denied = ReadonlySet<string>;

/** Names a link among categories, whose names have no arrow. Of people behind links of equal name the same is read. */
export function linkName(link: ReadField): string {
  return `-> ${link.parentType}.${outlineOf(link)}`;
}

function outlineOf({ name, responseKey, below }: ReadField): string {
  return `${responseKey}:${name}${below ? `{${below.fields.map(outlineOf).join(' ')}}` : ''}`;
}

/**
 * Returns the denied category for which a field is withheld, or undefined if the field may be read. The category
 * is the field's own, a source's, or that of the first field below if every field below is withheld.
 */
export function withheldFor(field: ReadField, denied: Denied): string | undefined {
  if (denied.size === 0) return undefined;
  if (field.category !== undefined && denied.has(field.category)) return field.category;
  if (field.link && denied.has(linkName(field))) return field.category;
  const source = field.derivation?.sources.find(({ category }) => denied.has(category));
  if (source) return source.category;
  return field.below && !field.link ? wholeWithheldFor(field.below, denied) : undefined;
}

/** Returns a denied category if every field of the selection is denied, otherwise undefined. */
export function wholeWithheldFor(selection: ReadSelection, denied: Denied): string | undefined {
  const content = selection.fields.filter(isContent);
  const missing = content.map((field) => withheldFor(field, denied));
  return missing.every((category) => category !== undefined) ? missing[0] : undefined;
}
