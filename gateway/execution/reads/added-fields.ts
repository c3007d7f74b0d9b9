import {
  IDENTITY_PREFIX,
  ENTITY_TYPE,
  UNGOVERNED,
  type SubjectRelation,
  type SelectionContext,
} from './field-governance.js';
import type { DerivationSource, ReadField, ReadSelection } from './read-field.js';

/** Fields that the gateway adds to a selection because it needs them to handle what the plan selects. */

/** Adds `__typename` to a selection of an abstract type. Entities need none: their type is known from the representation. */
export function withTypename(selection: ReadSelection): ReadSelection {
  const known = selection.fields.some(({ origin, within }) => origin === 'typename' && within.length === 0);
  if (!selection.abstract || selection.type === ENTITY_TYPE || known) return selection;
  return { ...selection, fields: [typenameOf(selection), ...selection.fields] };
}

/** Adds `__typename` to a selection of which conditions leave nothing, because the answer must still show whether the object exists. */
export function withPresence(selection: ReadSelection): ReadSelection {
  return selection.fields.length > 0 ? selection : { ...selection, fields: [typenameOf(selection)] };
}

function typenameOf({ type }: ReadSelection): ReadField {
  return { ...plainField('__typename', type, 'String'), origin: 'typename' };
}

/** Adds the sources of derived fields, unless the plan selects them. The register is asked for the sources, not for the derived field. */
export function withSources(selection: ReadSelection, context: SelectionContext): ReadSelection {
  const added = new Map<string, ReadField>();
  const fields = selection.fields.map((field) => {
    if (!field.derivation) return field;
    const sources = field.derivation.sources.map((source) => sourceIn(selection, field, source, added, context));
    return { ...field, derivation: { ...field.derivation, sources } };
  });
  return { ...selection, fields: [...fields, ...added.values()] };
}

function sourceIn(
  selection: ReadSelection,
  derived: ReadField,
  source: DerivationSource,
  added: Map<string, ReadField>,
  context: SelectionContext,
): DerivationSource {
  const plain = selection.fields.find(
    (field) => isPlain(field, source.name) && field.within.join() === derived.within.join(),
  );
  if (plain) return { ...source, responseKey: plain.responseKey };
  const type = context.types.field(derived.parentType, source.name);
  added.set([...derived.within, source.responseKey].join(' '), {
    ...plainField(source.name, derived.parentType, type.name),
    within: derived.within,
    responseKey: source.responseKey,
    origin: 'source',
    category: source.category,
    list: type.list,
    lists: type.lists,
  });
  return source;
}

/**
 * Adds the person's number to objects about a person of their own, so that an answer about another person is
 * noticed. The number is known already, or the link's category covers it.
 */
export function withIdentity(
  selection: ReadSelection,
  relation: SubjectRelation,
  context: SelectionContext,
): ReadSelection {
  const identity = new Map<string, string>();
  const added: ReadField[] = [];
  for (const { type, within, types } of identifyingPlaces(selection, relation, context)) {
    const name = relation.kind === 'linked' ? relation.field : context.governance.subjectField(type);
    if (name === undefined || relation.kind === 'same') continue;
    const plain = selection.fields.find((field) => isPlain(field, name) && field.within.join() === within.join());
    const field = plain ?? {
      ...plainField(name, type, context.types.field(type, name).name),
      within,
      responseKey: IDENTITY_PREFIX + name,
    };
    if (!plain) added.push(field);
    for (const one of types) identity.set(one, field.responseKey);
  }
  return { ...selection, identity, fields: [...selection.fields, ...added] };
}

/**
 * Adds the code of the dwelling to objects that are or tell a dwelling, also if the plan selects nothing but `__typename`: without it
 * the home of a protected person cannot be told from another. The code is shown to the list of protected people and
 * dropped, unless the plan selects it.
 */
export function withDwelling(selection: ReadSelection, context: SelectionContext): ReadSelection {
  const dwelling = new Map<string, string>();
  const added = new Map<string, ReadField>();
  for (const { type, within, types, name } of tellingPlaces(selection, context)) {
    const plain = selection.fields.find((field) => isPlain(field, name) && field.within.join() === within.join());
    const field = plain ?? {
      ...plainField(name, type, context.types.field(type, name).name),
      within,
      responseKey: IDENTITY_PREFIX + name,
    };
    if (!plain) added.set([...within, field.responseKey].join(' '), field);
    for (const one of types) dwelling.set(one, field.responseKey);
  }
  if (dwelling.size === 0) return selection;
  return { ...selection, dwelling, tellsDwellings: true, fields: [...selection.fields, ...added.values()] };
}

interface TellingPlace extends IdentifyingPlace {
  /** The field with the code. */
  readonly name: string;
}

/** Returns where the code of a dwelling is selected: on the type itself, or on each type that an object may have. */
function tellingPlaces(selection: ReadSelection, { governance, types }: SelectionContext): readonly TellingPlace[] {
  const { type: own, abstract } = selection;
  const ofOwn = governance.dwellingField(own);
  const whole = ofOwn === undefined ? [] : [{ type: own, within: [], types: types.possibleTypes(own), name: ofOwn }];
  if (!abstract) return whole;
  const named =
    own === ENTITY_TYPE
      ? new Map(selection.fields.map(({ parentType, within }) => [parentType, within]))
      : new Map([...types.possibleTypes(own)].filter((type) => type !== own).map((type) => [type, [type]]));
  const single = [...named].flatMap(([type, within]): readonly TellingPlace[] => {
    const name = governance.dwellingField(type);
    return name === undefined || name === ofOwn ? [] : [{ type, within, types: types.possibleTypes(type), name }];
  });
  return [...whole, ...single];
}

interface IdentifyingPlace {
  readonly type: string;
  readonly within: readonly string[];
  /** Types of the objects whose number it is. */
  readonly types: Iterable<string>;
}

/** Returns where the person's number is selected. For a link to an interface, the interface itself has the number. */
function identifyingPlaces(
  selection: ReadSelection,
  relation: SubjectRelation,
  { types }: SelectionContext,
): readonly IdentifyingPlace[] {
  const { type: own, abstract } = selection;
  if (!abstract) return [{ type: own, within: [], types: [own] }];
  if (relation.kind === 'linked') return [{ type: own, within: [], types: types.possibleTypes(own) }];
  const places = new Map(
    selection.fields
      .filter(({ parentType }) => types.isObject(parentType))
      .map(({ parentType, within }) => [parentType, within]),
  );
  return [...places].map(([type, within]) => ({ type, within, types: [type] }));
}

function isPlain(field: ReadField, name: string): boolean {
  return field.origin === 'plan' && field.name === name && field.arguments.length === 0 && field.renames.length === 0;
}

function plainField(name: string, parentType: string, type: string): ReadField {
  return {
    ...UNGOVERNED,
    name,
    responseKey: name,
    parentType,
    within: [],
    arguments: [],
    type,
    list: false,
    lists: 0,
    origin: 'identity',
    renames: [],
    below: undefined,
  };
}
