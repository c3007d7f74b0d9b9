import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { isObject } from '../../../schemas/objects.js';
import { clientKey } from '../../planning/document/aliases.js';
import { copyLeaf } from '../data/data-object.js';
import { isIncluded, type ActiveConditions } from '../reads/conditions.js';
import { NULL_BUBBLED, ERROR_REPORTED, type Complete, type ProjectObject } from './projection.js';
import { compileProjection, type ProjectedField } from './write-object.js';

/**
 * The type whose fields a value is completed with: its object type, or the interface itself if the register knows
 * only the interface (`@interfaceObject`).
 */
export type FieldsType = GraphQLObjectType | GraphQLInterfaceType;

/** What the client selected of objects, by type. */
export class ClientSelection {
  readonly #types = new Map<string, TypeSelection>();
  readonly #sets: readonly SelectionSetNode[];
  readonly #document: ClientDocument;

  constructor(sets: readonly SelectionSetNode[], document: ClientDocument) {
    this.#sets = sets;
    this.#document = document;
  }

  on(type: FieldsType): TypeSelection {
    let selected = this.#types.get(type.name);
    if (!selected) this.#types.set(type.name, (selected = this.#compile(type)));
    return selected;
  }

  /** Whether the answer depends on the object's own type: `__typename` is selected, or a field that not every type of the interface has. */
  dependsOnType(type: GraphQLInterfaceType): boolean {
    return this.#sets.some((set) => asksForType(set, type, this.#document));
  }

  #compile(type: FieldsType): TypeSelection {
    const fields = collectFields(this.#sets, type, this.#document).map((field) =>
      projectedField(field, type, this.#document),
    );
    return { fields, project: compileProjection(fields, type.name) };
  }
}

export interface ClientDocument {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly activeConditions: ActiveConditions;
}

/** What the client selected of objects of one type. */
export interface TypeSelection {
  /** In the order of the client. */
  readonly fields: readonly ProjectedField[];
  readonly project: ProjectObject;
}

/** Fields of one type under one key, merged (GraphQL spec, section 6.3.2, CollectFields). */
type Collected = readonly [FieldNode, ...FieldNode[]];

function collectFields(
  sets: readonly SelectionSetNode[],
  type: FieldsType,
  document: ClientDocument,
): readonly Collected[] {
  const collected = new Map<string, [FieldNode, ...FieldNode[]]>();
  for (const set of sets) collectInto(collected, set, type, document);
  return [...collected.values()];
}

function collectInto(
  collected: Map<string, [FieldNode, ...FieldNode[]]>,
  set: SelectionSetNode,
  type: FieldsType,
  document: ClientDocument,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection.directives, document.activeConditions)) continue;
    if (selection.kind === Kind.FIELD) {
      const known = collected.get(dataKeyOf(selection));
      if (known) known.push(selection);
      else collected.set(dataKeyOf(selection), [selection]);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? document.fragments.get(selection.name.value) : selection;
    if (fragment && appliesTo(fragment.typeCondition?.name.value, type, document.schema))
      collectInto(collected, fragment.selectionSet, type, document);
  }
}

function asksForType({ selections }: SelectionSetNode, type: GraphQLInterfaceType, document: ClientDocument): boolean {
  return selections.some((selection) => {
    if (!isIncluded(selection.directives, document.activeConditions)) return false;
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? document.fragments.get(selection.name.value) : selection;
    return (
      fragment !== undefined &&
      (!appliesTo(fragment.typeCondition?.name.value, type, document.schema) ||
        asksForType(fragment.selectionSet, type, document))
    );
  });
}

function appliesTo(condition: string | undefined, type: FieldsType, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}

function projectedField(nodes: Collected, type: FieldsType, document: ClientDocument): ProjectedField {
  const [node] = nodes;
  const name = node.name.value;
  const keys = { name, dataKey: dataKeyOf(node), clientKey: clientKey(dataKeyOf(node)) };
  const field = type.getFields()[name];
  if (!field) return { ...keys, complete: undefined, leaf: false };
  const sets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  return {
    ...keys,
    complete: compileCompletion(field.type, new ClientSelection(sets, document), document.schema),
    leaf: isFinal(field.type),
  };
}

/** Whether texts, numbers and booleans of a type are complete as they are: they were completed when they came (accept/complete-leaves.ts). */
function isFinal(type: GraphQLOutputType): boolean {
  const nullable = getNullableType(type);
  return isLeafType(nullable) && !isEnumType(nullable);
}

/** Key of a field of the hardened document in the data. */
function dataKeyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

export function compileCompletion(
  type: GraphQLOutputType,
  selection: ClientSelection,
  schema: GraphQLSchema,
): Complete {
  if (isNonNullType(type)) return completeNonNull(compileCompletion(type.ofType, selection, schema));
  if (isListType(type)) return orNull(completeList(compileCompletion(type.ofType, selection, schema)));
  const named = getNamedType(type);
  return orNull(isCompositeType(named) ? completeObject(named, selection, schema) : completeLeaf(named));
}

/** Returns null for a missing value, and reports the fault if one is known. */
function orNull(complete: Complete): Complete {
  return (value, projection, holder, key, before, answerKey) =>
    value === null || value === undefined
      ? projection.absent({ holder, key, before, answerKey })
      : complete(value, projection, holder, key, before, answerKey);
}

function completeNonNull(complete: Complete): Complete {
  return (value, projection, holder, key, before, answerKey) => {
    const completed = complete(value, projection, holder, key, before, answerKey);
    if (completed === null) projection.report({ holder, key, before, answerKey }, { code: 'NULL_IN_NON_NULL' });
    return completed === null || completed === ERROR_REPORTED ? NULL_BUBBLED : completed;
  };
}

function completeList(complete: Complete): Complete {
  return (value, projection, holder, key, before, answerKey) => {
    if (!Array.isArray(value)) return projection.malformed({ holder, key, before, answerKey });
    projection.enter(value, holder, key);
    const path = { before, key: answerKey };
    const list: unknown[] = [];
    let bubbled = false;
    for (let index = 0; index < value.length; index += 1) {
      const completed = complete(value[index], projection, value, index, path, index);
      if (completed === NULL_BUBBLED) bubbled = true;
      list.push(completed === ERROR_REPORTED ? null : completed);
    }
    return bubbled ? ERROR_REPORTED : list;
  };
}

function completeLeaf(type: GraphQLNamedOutputType): Complete {
  if (isEnumType(type)) {
    // A value that the public schema does not have is inaccessible, and not shown.
    const values = new Set<unknown>(type.getValues().map(({ name }) => name));
    return (value) => (values.has(value) ? value : null);
  }
  if (isSpecifiedScalarType(type)) {
    return (value, projection, holder, key, before, answerKey) =>
      typeof value === 'object' ? projection.malformed({ holder, key, before, answerKey }) : value;
  }
  return (value) => copyLeaf(value);
}

function completeObject(type: GraphQLCompositeType, selection: ClientSelection, schema: GraphQLSchema): Complete {
  const typeOf = typeFinder(type, schema);
  const projections = new Map<FieldsType, ProjectObject>();
  return (value, projection, holder, key, before, answerKey) => {
    if (!isObject(value)) return projection.malformed({ holder, key, before, answerKey });
    const concrete = typeOf(value);
    if (!concrete)
      return typeof value['__typename'] === 'string'
        ? null // An inaccessible type, which is not shown.
        : projection.malformed({ holder, key, before, answerKey });
    let project = projections.get(concrete);
    if (!project) {
      if (isInterfaceType(concrete) && selection.dependsOnType(concrete))
        return projection.untyped(value, { holder, key, before, answerKey });
      projections.set(concrete, (project = selection.on(concrete).project));
    }
    projection.enter(value, holder, key);
    return projection.withRecords(value, { before, key: answerKey }, project);
  };
}

/** Returns a function that gives the type of a value, or undefined for a type that the public schema does not have. */
function typeFinder(
  type: GraphQLCompositeType,
  schema: GraphQLSchema,
): (value: Readonly<Record<string, unknown>>) => FieldsType | undefined {
  if (!isAbstractType(type)) return () => type;
  const byName = new Map<unknown, FieldsType>(
    schema.getPossibleTypes(type).map((possible) => [possible.name, possible]),
  );
  if (isInterfaceType(type)) byName.set(type.name, type).set(undefined, type);
  return (value) => byName.get(value['__typename'] ?? undefined);
}
