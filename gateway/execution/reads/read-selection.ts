import { Kind, type FieldNode, type SelectionSetNode } from 'graphql';
import { isIncluded } from './conditions.js';
import type { ReadField, ReadSelection } from './read-field.js';
import { renamesAt, type PendingRewrite } from './rewrites.js';
import { withDwelling, withIdentity, withPresence, withSources, withTypename } from './added-fields.js';
import { UNGOVERNED, type SubjectRelation, type SelectionContext } from './field-governance.js';
import type { SupergraphTypes } from '../../../schemas/catalogue/supergraph-types.js';

/**
 * Returns what a register's operation reads of objects of one type: the fields, merged as a GraphQL server merges
 * them (GraphQL spec, section 6.3.2), each with its governance, and the fields that the gateway adds.
 */
export function readSelection(
  selectionSets: readonly SelectionSetNode[],
  type: string,
  relation: SubjectRelation,
  renames: readonly PendingRewrite[],
  context: SelectionContext,
): ReadSelection {
  const abstract = !context.types.isObject(type);
  const selected = selectionSets.flatMap((set) => flatten(set, { type, within: [] }, context));
  const planned = mergeSelected(selected).map((merged) => readField(merged, renames, context));
  const leadsToOthers = planned.some(({ link, below }) => link !== undefined || below?.leadsToOthers === true);
  const tellsDwellings = planned.some(({ below }) => below?.tellsDwellings === true);
  const base: ReadSelection = {
    register: context.register,
    type,
    abstract,
    fields: planned,
    identity: new Map(),
    dwelling: new Map(),
    leadsToOthers,
    tellsDwellings,
  };
  if (!context.governance.governed) return base;
  return withDwelling(withIdentity(withSources(withTypename(base), context), relation, context), context);
}

interface SelectionScope {
  readonly type: string;
  readonly within: readonly string[];
}

interface Selected extends SelectionScope {
  readonly node: FieldNode;
}

function flatten(set: SelectionSetNode, scope: SelectionScope, context: SelectionContext): readonly Selected[] {
  return set.selections.flatMap((selection): readonly Selected[] => {
    if (!isIncluded(selection.directives, context.activeConditions)) return [];
    if (selection.kind === Kind.FIELD)
      return governedScopes(selection, scope, context).map((at) => ({ node: selection, ...at }));
    if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('the plan holds a fragment that is not inlined');
    const inner = narrow(scope, selection.typeCondition?.name.value, context.types);
    return inner ? flatten(selection.selectionSet, inner, context) : [];
  });
}

/** Returns the scope below a type condition, or undefined if no object can have both types. */
function narrow(
  scope: SelectionScope,
  condition: string | undefined,
  types: SupergraphTypes,
): SelectionScope | undefined {
  if (condition === undefined || types.possibleTypes(condition).has(scope.type)) return scope;
  if (types.isObject(scope.type)) return undefined;
  const outer = scope.within.filter((type) => !types.possibleTypes(type).has(condition));
  return { type: condition, within: [...outer, condition] };
}

/**
 * Returns the scopes in which a field is read. A field selected on an interface is read on each type that implements
 * it in this register, and is governed there. Otherwise an interface would be a way around the governance.
 */
function governedScopes(
  node: FieldNode,
  scope: SelectionScope,
  { governance, types }: SelectionContext,
): readonly SelectionScope[] {
  if (!governance.governed || types.isObject(scope.type) || node.name.value === '__typename') return [scope];
  const implementing = [...types.possibleTypes(scope.type)].filter(
    (type) => type !== scope.type && governance.categoryOf(type, node.name.value) !== undefined,
  );
  if (implementing.length === 0) return [scope];
  return implementing.flatMap((type) => narrow(scope, type, types) ?? []);
}

interface Merged extends Selected {
  readonly nodes: readonly FieldNode[];
}

function mergeSelected(selected: readonly Selected[]): readonly Merged[] {
  const merged = new Map<string, Merged>();
  for (const one of selected) {
    const key = [...one.within, responseKeyOf(one.node)].join(' ');
    merged.set(key, { ...one, nodes: [...(merged.get(key)?.nodes ?? []), one.node] });
  }
  return [...merged.values()];
}

function readField(
  { node, nodes, type: parentType, within }: Merged,
  renames: readonly PendingRewrite[],
  context: SelectionContext,
): ReadField {
  const name = node.name.value;
  const responseKey = responseKeyOf(node);
  const common = { name, responseKey, parentType, within, arguments: node.arguments ?? [] };
  if (name === '__typename') {
    return {
      ...common,
      ...UNGOVERNED,
      type: 'String',
      list: false,
      lists: 0,
      origin: 'typename',
      renames: [],
      below: undefined,
    };
  }
  const type = context.types.field(parentType, name);
  const rule = context.governance.ruleFor(parentType, name);
  const { here, below } = renamesAt(renames, responseKey, context.types);
  const { relation, link } = context.governance.subjectRelation(
    parentType,
    name,
    context.types.possibleTypes(type.name),
  );
  const sets = nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
  return {
    ...common,
    ...rule,
    link,
    type: type.name,
    list: type.list,
    lists: type.lists,
    origin: 'plan',
    renames: here,
    below: type.composite ? withPresence(readSelection(sets, type.name, relation, below, context)) : undefined,
  };
}

function responseKeyOf(node: FieldNode): string {
  return node.alias?.value ?? node.name.value;
}
