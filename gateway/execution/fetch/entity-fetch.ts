import { Kind, type FieldNode, type OperationDefinitionNode } from 'graphql';
import type { Adapter } from '../../../adapters/port.js';
import type { EntityFetchNode, EntityList, RequiredSelection } from '../../planning/plan.js';
import { compileCompleteLeaves, type CompleteLeaves } from '../accept/complete-leaves.js';
import { compileTrimLists, type TrimLists } from '../accept/list-size.js';
import { addAccess, categoriesOf, linksOf, type Categories, type ReadLink } from '../reads/categories.js';
import { adapterOf, PreparedCalls, type FetchContext } from './prepared-calls.js';
import { compileFindKey, fieldsOfKey, type FindKey } from './key-index.js';
import type { ReadField, ReadSelection } from '../reads/read-field.js';
import { readSelection } from '../reads/read-selection.js';
import { compileMissingValue, compileRepresentation, type MissingValue, type Represent } from './representation.js';
import { pendingRenames } from '../reads/rewrites.js';
import { ENTITY_TYPE } from '../reads/field-governance.js';
import { compileWalker, type Walker } from './entity-paths.js';

/** A fetch of entities, compiled: one call, one or more lists. */
export interface EntityFetch {
  readonly register: string;
  readonly adapter: Adapter;
  readonly lists: readonly CompiledList[];
}

export interface CompiledList {
  readonly position: number;
  readonly walk: Walker;
  readonly represent: Represent;
  readonly missingValue: MissingValue;
  readonly findKey: FindKey;
  readonly selection: ReadSelection;
  /** Categories that are read of the subject of a representation of this type, its keys included. For an interface, those of all its types. */
  readonly categories: (type: string) => Categories;
  /** Links that start at the subject of a representation of this type. */
  readonly links: (type: string) => readonly ReadLink[];
  /** Whether the fetch selects any field of entities of this type. A plan can reach types of which it selects nothing. */
  readonly asksOf: (type: string) => boolean;
  /** Categories of the values that the representation itself discloses to the register. */
  readonly keyCategories: (type: string) => ReadonlySet<string>;
  /** Field of a representation of this type that holds the number of the person it is about. */
  readonly subjectField: (type: string) => string | undefined;
  readonly trimLists: TrimLists | undefined;
  readonly completeLeaves: CompleteLeaves;
  readonly preparedCalls: PreparedCalls;
}

export function compileEntityFetch(node: EntityFetchNode, context: FetchContext): EntityFetch {
  const adapter = adapterOf(node.register, context);
  return {
    register: node.register,
    adapter,
    lists: node.lists.map((list, position) => compileList(node, list, { position, adapter, context })),
  };
}

function compileList(
  node: EntityFetchNode,
  list: EntityList,
  { position, adapter, context }: { position: number; adapter: Adapter; context: FetchContext },
): CompiledList {
  const { types, activeConditions, grantedFields } = context;
  const governance = context.governance(node.register);
  const sets = entitiesFields(node.operation, list.alias).flatMap(({ selectionSet }) =>
    selectionSet ? [selectionSet] : [],
  );
  const selection = readSelection(sets, ENTITY_TYPE, { kind: 'named' }, pendingRenames(list.outputRewrites), {
    register: node.register,
    types,
    governance,
    activeConditions,
  });
  const fieldsOn = (type: string): readonly ReadField[] =>
    [...types.possibleTypes(type)].flatMap((one) => grantedFields.fieldsOf(selection, one).map(({ field }) => field));
  const keysOf = memoized((type) => requiredCategories(list.requires, type, governance.categoryOf, context));
  return {
    position,
    walk: compileWalker(list.paths, types),
    represent: compileRepresentation(list.requires, list.inputRewrites, types),
    missingValue: compileMissingValue(list.requires),
    findKey: compileFindKey(fieldsOfKey(list.requires)),
    selection,
    categories: memoized((type) => withKeys(categoriesOf(fieldsOn(type)), keysOf(type))),
    links: memoized((type) => linksOf(fieldsOn(type))),
    asksOf: memoized((type) => grantedFields.fieldsOf(selection, type).length > 0),
    keyCategories: keysOf,
    subjectField: governance.subjectField,
    trimLists: compileTrimLists(selection, types),
    completeLeaves: compileCompleteLeaves(selection, { types, grantedFields }),
    preparedCalls: new PreparedCalls(adapter, {
      kind: 'entities',
      operation: node.operation.operation,
      variableDefinitions: clientVariables(node),
    }),
  };
}

function entitiesFields(operation: OperationDefinitionNode, alias: string): readonly FieldNode[] {
  return operation.selectionSet.selections.filter(
    (node): node is FieldNode => node.kind === Kind.FIELD && (node.alias ?? node.name).value === alias,
  );
}

function clientVariables({
  operation,
  variables,
}: EntityFetchNode): NonNullable<OperationDefinitionNode['variableDefinitions']> {
  return (operation.variableDefinitions ?? []).filter(({ variable }) => variables.includes(variable.name.value));
}

/** Returns the categories of the keys and `@requires` fields that are sent to the register. They count as read (design.md: what is read on the way). */
function requiredCategories(
  requires: readonly RequiredSelection[],
  type: string,
  categoryOf: (type: string, field: string) => string | undefined,
  context: FetchContext,
): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (selections: readonly RequiredSelection[], on: string): void => {
    for (const selection of selections) {
      if (selection.kind === 'type')
        collect(
          selection.selections,
          context.types.possibleTypes(selection.name).has(on) || context.types.possibleTypes(on).has(selection.name)
            ? on
            : selection.name,
        );
      else if (selection.to !== '__typename') collectField(selection.to, selection.selections, on);
    }
  };
  const collectField = (name: string, below: readonly RequiredSelection[], on: string): void => {
    const category = categoryOf(on, name);
    if (category !== undefined) found.add(category);
    if (below.length > 0) collect(below, context.types.field(on, name).name);
  };
  collect(requires, type);
  return found;
}

function withKeys(categories: Categories, keys: ReadonlySet<string>): Categories {
  const all = new Map(categories);
  for (const category of keys) addAccess(all, category, 'read');
  return all;
}

function memoized<Value>(compute: (type: string) => Value): (type: string) => Value {
  const known = new Map<string, Value>();
  return (type) => {
    let value = known.get(type);
    if (value === undefined) known.set(type, (value = compute(type)));
    return value;
  };
}
