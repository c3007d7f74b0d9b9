import {
  Kind,
  valueFromASTUntyped,
  visit,
  type ArgumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { FetchSelection, SelectedField } from '../../../adapters/port.js';
import { Numeral } from '../../../schemas/numeral.js';
import { bareObject } from '../../../schemas/objects.js';
import { withheldFor, type Denied, type ReadField, type ReadSelection } from './read-field.js';

/** A field of a call to a register. */
export interface AskedField {
  readonly field: ReadField;
  readonly below: readonly AskedField[];
}

const NOTHING_DENIED: Denied = new Set();

/**
 * Returns what a register may be asked if these categories are denied. Denied fields are cut. Sources are asked
 * instead of derived fields. Below a link nothing is cut: it is about another person, and the gate decides on that
 * person after the answer.
 */
export function pruneSelection(selection: ReadSelection, denied: Denied): readonly AskedField[] {
  return selection.fields.flatMap((field) => pruneField(field, selection, denied));
}

function pruneField(field: ReadField, selection: ReadSelection, denied: Denied): readonly AskedField[] {
  if (!isAsked(field, selection, denied)) return [];
  const below = field.below ? pruneSelection(field.below, field.link ? NOTHING_DENIED : denied) : [];
  return [{ field, below }];
}

function isAsked(field: ReadField, selection: ReadSelection, denied: Denied): boolean {
  switch (field.origin) {
    case 'typename':
    case 'identity':
      return true;
    case 'source':
      return isNeededSource(field, selection, denied);
    case 'plan':
      if (field.derivation) return false;
      return withheldFor(field, denied) === undefined || identifies(field, selection);
  }
}

function isNeededSource(source: ReadField, { fields }: ReadSelection, denied: Denied): boolean {
  return fields.some(
    (field) =>
      field.within.join() === source.within.join() &&
      field.derivation?.sources.some(({ responseKey }) => responseKey === source.responseKey) === true &&
      withheldFor(field, denied) === undefined,
  );
}

/** Whether a field holds the number of the person, or the code of the dwelling, that the answer is about. It is read also if it is not released. */
function identifies(field: ReadField, { identity, dwelling }: ReadSelection): boolean {
  return field.below === undefined && [...identity.values(), ...dwelling.values()].includes(field.responseKey);
}

/** The parts of a fetch's operation that stay when its selection is cut. */
export interface OperationFrame {
  readonly kind: 'root' | 'entities';
  readonly operation: OperationTypeNode;
  readonly variableDefinitions: readonly VariableDefinitionNode[];
}

export interface AskedSelection {
  readonly selection: FetchSelection;
  /** Client variables that it uses. */
  readonly variables: readonly string[];
}

/**
 * Returns the selection as adapters take it: a tree, and the same as an operation. For entities the
 * operation is always `query($representations: [_Any!]!, ...) { _entities(representations: $representations) { ... } }`.
 */
export function fetchSelection(asked: readonly AskedField[], frame: OperationFrame): AskedSelection {
  const selectionSet = selectionSetOf(asked, 0);
  const variables = variablesIn(selectionSet);
  const definitions = frame.variableDefinitions.filter(({ variable }) => variables.includes(variable.name.value));
  const operation =
    frame.kind === 'root'
      ? rootOperation(frame.operation, definitions, selectionSet)
      : entitiesOperation(definitions, selectionSet);
  return { selection: { kind: frame.kind, operation, fields: asked.map(selectedField) }, variables };
}

function selectedField({ field, below }: AskedField): SelectedField {
  const { parentType, name, responseKey, type, list, lists, origin } = field;
  return {
    parentType,
    name,
    responseKey,
    type,
    list,
    ...(lists > 1 ? { lists } : {}),
    ...(field.arguments.length > 0 ? { argumentsFrom: (variables) => argumentValues(field.arguments, variables) } : {}),
    fields: below.map(selectedField),
    ...(origin === 'source' || origin === 'identity' ? { isAdded: true } : {}),
  };
}

/** Returns argument values by name. An argument whose variable was not given is absent. A numeral of the document that a double would round is its text. */
export function argumentValues(
  nodes: readonly ArgumentNode[],
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const values = bareObject();
  for (const { name, value } of nodes) {
    if (value.kind === Kind.VARIABLE && !Object.hasOwn(variables, value.name.value)) continue;
    values[name.value] = valueOf(value, variables);
  }
  return values;
}

function valueOf(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return new Numeral(node.value).exactNumber() ?? node.value;
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables));
    case Kind.OBJECT: {
      const fields = bareObject();
      for (const { name, value } of node.fields) fields[name.value] = valueOf(value, variables);
      return fields;
    }
    default:
      return valueFromASTUntyped(node, variables);
  }
}

function selectionSetOf(asked: readonly AskedField[], depth: number): SelectionSetNode {
  const selections: SelectionNode[] = [];
  const fragments = new Map<string, AskedField[]>();
  for (const one of asked) {
    const condition = one.field.within[depth];
    if (condition === undefined) selections.push(fieldNode(one));
    else fragments.set(condition, [...(fragments.get(condition) ?? []), one]);
  }
  for (const [condition, inside] of fragments) {
    selections.push({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: namedType(condition),
      selectionSet: selectionSetOf(inside, depth + 1),
    });
  }
  return { kind: Kind.SELECTION_SET, selections };
}

function fieldNode({ field, below }: AskedField): FieldNode {
  return {
    kind: Kind.FIELD,
    name: nameNode(field.name),
    ...(field.responseKey === field.name ? {} : { alias: nameNode(field.responseKey) }),
    arguments: field.arguments,
    ...(field.below ? { selectionSet: selectionSetOf(below, 0) } : {}),
  };
}

function rootOperation(
  operation: OperationTypeNode,
  variableDefinitions: readonly VariableDefinitionNode[],
  selectionSet: SelectionSetNode,
): OperationDefinitionNode {
  return { kind: Kind.OPERATION_DEFINITION, operation, variableDefinitions, selectionSet };
}

function entitiesOperation(
  definitions: readonly VariableDefinitionNode[],
  selectionSet: SelectionSetNode,
): OperationDefinitionNode {
  const representations = { kind: Kind.VARIABLE, name: nameNode('representations') } as const;
  const entities: FieldNode = {
    kind: Kind.FIELD,
    name: nameNode('_entities'),
    arguments: [{ kind: Kind.ARGUMENT, name: nameNode('representations'), value: representations }],
    selectionSet,
  };
  const ofAny = { kind: Kind.NON_NULL_TYPE, type: namedType('_Any') } as const;
  const definition: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable: representations,
    type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.LIST_TYPE, type: ofAny } },
  };
  return rootOperation('query' as OperationTypeNode, [definition, ...definitions], {
    kind: Kind.SELECTION_SET,
    selections: [entities],
  });
}

function variablesIn(selectionSet: SelectionSetNode): readonly string[] {
  const found = new Set<string>();
  visit(selectionSet, { Variable: (node) => void found.add(node.name.value) });
  return [...found];
}

const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const;
const namedType = (value: string) => ({ kind: Kind.NAMED_TYPE, name: nameNode(value) }) as const;
