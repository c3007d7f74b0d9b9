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
  /** Whether a field here or below leads to another person. */
  readonly leadsToOthers: boolean;
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
  /** Lists in which its values stand, one in the other. */
  readonly lists: number;
  readonly origin: FieldOrigin;
  /** Undefined only for `__typename`, for identities, and where nothing is governed. */
  readonly category: string | undefined;
  readonly access: Access;
  readonly link: Link | undefined;
  readonly derivation: FieldDerivation | undefined;
  /** How long the list can be; undefined where nothing says, or it is none. */
  readonly bound: ListBound | undefined;
  readonly renames: readonly Rename[];
  /** Undefined for leaves. */
  readonly below: ReadSelection | undefined;
}

/**
 * `plan`: selected by the plan. `source`: asked for a derived field only, dropped after use.
 * `identity`: asked to know about whom an object is, dropped after use. `typename`: `__typename`.
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

/** What a client can be given, as opposed to what serves to handle it. */
export function isContent({ origin }: ReadField): boolean {
  return origin === 'plan';
}

/** The type of a record: the selection's own, or, where that is abstract, what the record says. */
export function concreteType(
  record: Readonly<Record<string, unknown>>,
  { abstract, type }: ReadSelection,
): string | undefined {
  const told = record['__typename'];
  if (!abstract) return type;
  return typeof told === 'string' ? told : undefined;
}

/** Names of the categories that a person's data is not to be read from. */
export type Denied = ReadonlySet<string>;

/**
 * The category for want of which a field is withheld, or undefined when it may be read: its own, a
 * source's, or, when everything that it holds is withheld, that of the first of those.
 */
export function withheldFor(field: ReadField, denied: Denied): string | undefined {
  if (denied.size === 0) return undefined;
  if (field.category !== undefined && denied.has(field.category)) return field.category;
  const source = field.derivation?.sources.find(({ category }) => denied.has(category));
  if (source) return source.category;
  return field.below && !field.link ? wholeWithheldFor(field.below, denied) : undefined;
}

/** The category for want of which nothing of a selection may be read; undefined when something may. */
export function wholeWithheldFor(selection: ReadSelection, denied: Denied): string | undefined {
  const content = selection.fields.filter(isContent);
  const missing = content.map((field) => withheldFor(field, denied));
  return missing.every((category) => category !== undefined) ? missing[0] : undefined;
}
