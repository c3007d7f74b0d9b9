import { LRUCache } from 'lru-cache';
import type { Quality, RecordCheck } from '../../../schemas/ports/quality.js';
import { UNGOVERNED_DECISION } from './decision.js';
import { compileMerge, type MergePlain } from '../data/merge.js';
import {
  isContent,
  wholeWithheldFor,
  withheldFor,
  type Denied,
  type ReadField,
  type ReadSelection,
} from '../reads/read-field.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';

/** Which fields of records of one type are accepted if certain categories are denied. This is the second line of defence: the call did not ask for the denied ones. */
export interface GrantedFields {
  /** Merges the record as it is. Set if nothing is governed, judged or renamed here or below, because adapters return only what was selected. */
  readonly plain: MergePlain | undefined;
  readonly kept: readonly GrantedField[];
  readonly derived: readonly GrantedField[];
  readonly withheld: readonly { readonly key: string; readonly category: string }[];
  /** A denied category, set if nothing of the record may be released. */
  readonly wholeWithheld: string | undefined;
  /** Response key of the number of the person that the record is about. */
  readonly identity: string | undefined;
  readonly check: RecordCheck | undefined;
  /** What the check sees: field name and response key. */
  readonly judged: readonly { readonly name: string; readonly responseKey: string }[];
}

export interface GrantedField {
  readonly field: ReadField;
  /** Key in the answer, after the plan's renames. */
  readonly key: string;
}

/** How many combinations of type and denied categories are kept for one selection. Few occur; what decides them can take many values. */
const MAX_REMEMBERED = 64;

export class GrantedFieldsCompiler {
  readonly #known = new WeakMap<ReadSelection, RememberedResults<GrantedFields>>();
  readonly #fields = new WeakMap<ReadSelection, RememberedResults<readonly GrantedField[]>>();
  readonly #types: SupergraphTypes;
  readonly #quality: Quality;

  constructor(types: SupergraphTypes, quality: Quality) {
    this.#types = types;
    this.#quality = quality;
  }

  of(
    selection: ReadSelection,
    type: string | undefined,
    { denied, deniedKey }: { readonly denied: Denied; readonly deniedKey: string },
  ): GrantedFields {
    const remembered = rememberedOf(selection, this.#known);
    return remembered.get(type, deniedKey) ?? remembered.set(type, deniedKey, this.#compile(selection, type, denied));
  }

  /** Returns the fields of a selection that objects of a type have, with their keys in the answer. */
  fieldsOf(selection: ReadSelection, type: string | undefined): readonly GrantedField[] {
    const remembered = rememberedOf(selection, this.#fields);
    return remembered.get(type, '') ?? remembered.set(type, '', this.#compileFields(selection, type));
  }

  #compileFields(selection: ReadSelection, type: string | undefined): readonly GrantedField[] {
    const merged = mergeFields(selection.fields.filter((field) => isOn(field, type, this.#types)));
    return merged.map((field) => ({ field, key: keyOf(field, type, this.#types) }));
  }

  #compile(selection: ReadSelection, type: string | undefined, denied: Denied): GrantedFields {
    const fields = this.fieldsOf(selection, type);
    const refused = fields
      .filter(({ field }) => isContent(field))
      .map(({ field, key }) => ({ key, category: withheldFor(field, denied) }));
    const kept = fields.filter(
      ({ field }) =>
        field.origin !== 'identity' && field.origin !== 'source' && withheldFor(field, denied) === undefined,
    );
    const judged = type === undefined ? [] : judgedFields(fields, kept);
    const check = type === undefined ? undefined : this.#prepareCheck(selection.register, type, judged);
    const isPlain =
      check === undefined &&
      selection.identity.size === 0 &&
      selection.dwelling.size === 0 &&
      fields.every((granted) => this.#isPlain(granted));
    return {
      plain: isPlain ? compileMerge(fields.map(({ key }) => key)) : undefined,
      kept: kept.filter(({ field }) => !field.derivation),
      derived: kept.filter(({ field }) => field.derivation),
      withheld: refused.flatMap(({ key, category }) => (category === undefined ? [] : [{ key, category }])),
      wholeWithheld: wholeWithheldFor({ ...selection, fields: fields.map(({ field }) => field) }, denied),
      identity: type === undefined ? undefined : selection.identity.get(type),
      check,
      judged,
    };
  }

  #isPlain({ field, key }: GrantedField): boolean {
    if (field.category !== undefined || field.link || field.derivation || key !== field.responseKey) return false;
    const { below } = field;
    if (!below) return field.origin === 'plan' || field.origin === 'typename';
    const types = [...this.#types.possibleTypes(below.type)].filter((type) => this.#types.isObject(type));
    return [...types, ...(below.abstract ? [undefined] : [])].every(
      (type) => this.of(below, type, UNGOVERNED_DECISION).plain !== undefined,
    );
  }

  #prepareCheck(register: string, type: string, judged: GrantedFields['judged']): RecordCheck | undefined {
    return this.#quality.prepare(register, type, [...new Set(judged.map(({ name }) => name))].sort());
  }
}

/**
 * The results for one selection, by type and denied categories. Keeps the result that was used last beside the
 * cache: most records have the type and the denied categories of the record before, and a lookup in the cache for
 * each record is slow.
 */
class RememberedResults<Result extends object> {
  readonly #cache = new LRUCache<string, Result>({ max: MAX_REMEMBERED });
  #type: string | undefined;
  #deniedKey = '';
  #last: Result | undefined;

  get(type: string | undefined, deniedKey: string): Result | undefined {
    if (this.#last && type === this.#type && deniedKey === this.#deniedKey) return this.#last;
    const result = this.#cache.get(cacheKey(type, deniedKey));
    return result && this.#use(type, deniedKey, result);
  }

  set(type: string | undefined, deniedKey: string, result: Result): Result {
    this.#cache.set(cacheKey(type, deniedKey), result);
    return this.#use(type, deniedKey, result);
  }

  #use(type: string | undefined, deniedKey: string, result: Result): Result {
    this.#type = type;
    this.#deniedKey = deniedKey;
    return (this.#last = result);
  }
}

function cacheKey(type: string | undefined, deniedKey: string): string {
  return `${type ?? ''} ${deniedKey}`;
}

function rememberedOf<Result extends object>(
  selection: ReadSelection,
  results: WeakMap<ReadSelection, RememberedResults<Result>>,
): RememberedResults<Result> {
  let remembered = results.get(selection);
  if (!remembered) results.set(selection, (remembered = new RememberedResults()));
  return remembered;
}

/**
 * Whether objects of a type can have a field. Objects of an unknown type can. Objects of an interface can if one of
 * its types has the field: an interface object (`@interfaceObject`) is known by its interface only.
 */
export function isOn(field: ReadField, type: string | undefined, types: SupergraphTypes): boolean {
  return (
    type === undefined ||
    field.within.every((condition) => overlaps(types.possibleTypes(condition), types.possibleTypes(type)))
  );
}

function overlaps(ones: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const one of others) if (ones.has(one)) return true;
  return false;
}

function keyOf({ renames, responseKey }: ReadField, type: string | undefined, types: SupergraphTypes): string {
  return (
    renames.find((rename) => !rename.types || type === undefined || overlaps(rename.types, types.possibleTypes(type)))
      ?.to ?? responseKey
  );
}

/** Returns the fields with those of equal response key merged: a record's type can have a field through several type conditions. */
function mergeFields(fields: readonly ReadField[]): readonly ReadField[] {
  const merged = new Map<string, ReadField>();
  for (const field of fields) {
    const before = merged.get(field.responseKey);
    merged.set(
      field.responseKey,
      before?.below && field.below
        ? { ...before, below: mergeSelections(before.below, field.below) }
        : (before ?? field),
    );
  }
  return [...merged.values()];
}

function mergeSelections(one: ReadSelection, other: ReadSelection): ReadSelection {
  return {
    ...one,
    fields: [...one.fields, ...other.fields],
    identity: new Map([...one.identity, ...other.identity]),
    dwelling: new Map([...one.dwelling, ...other.dwelling]),
    leadsToOthers: one.leadsToOthers || other.leadsToOthers,
    tellsDwellings: one.tellsDwellings || other.tellsDwellings,
  };
}

/**
 * Returns the fields that a contract judges: granted leaves without arguments, and the sources of granted derived
 * fields. Objects below are judged by the contract of their own type.
 */
function judgedFields(fields: readonly GrantedField[], kept: readonly GrantedField[]): GrantedFields['judged'] {
  const plain = kept
    .map(({ field }) => field)
    .filter((field) => field.origin === 'plan' && !field.below && !field.derivation && field.arguments.length === 0);
  const needed = new Set(
    kept.flatMap(({ field }) => field.derivation?.sources.map(({ responseKey }) => responseKey) ?? []),
  );
  const sources = fields
    .map(({ field }) => field)
    .filter(({ origin, responseKey }) => origin === 'source' && needed.has(responseKey));
  return [...plain, ...sources].map(({ name, responseKey }) => ({ name, responseKey }));
}
