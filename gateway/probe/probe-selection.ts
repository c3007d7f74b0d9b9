import {
  Kind,
  parse,
  type DocumentNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type FieldDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { EnumTypes } from '../../schemas/scalars/leaf-type.js';
import type { FetchSelection, SelectedField } from '../../adapters/port.js';

/** A read of one entity with every field that the register itself resolves. */
export interface ProbeSelection {
  /** Type of the entity, and its key field. */
  readonly type: string;
  readonly key: string;
  readonly selection: FetchSelection;
  /** The enums of the register's schema. */
  readonly types: EnumTypes;
}

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

interface ProbeContext {
  readonly objects: ReadonlyMap<string, ObjectNode>;
  /** Objects around the current one. An object is not selected inside itself. */
  readonly within: readonly ObjectNode[];
}

/**
 * Returns a selection on the first entity of a register's SDL that has a key of one field. It selects
 * every field without required arguments, and only the key of other entities. Undefined if the register
 * has no such entity.
 */
export function probeSelection(document: DocumentNode): ProbeSelection | undefined {
  const objects = new Map(document.definitions.filter(isObjectNode).map((node) => [node.name.value, node]));
  for (const [type, node] of objects) {
    const key = keyOf(node);
    if (key === undefined) continue;
    const fields = selectedFields(node, { objects, within: [node] });
    const text = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} ${textOf(fields)} } }`;
    const selection = { kind: 'entities', operation: operationOf(text), fields } as const;
    return { type, key, selection, types: enumsOf(document) };
  }
  return undefined;
}

function enumsOf({ definitions }: DocumentNode): EnumTypes {
  const values = new Map<string, Set<string>>();
  for (const node of definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION && node.kind !== Kind.ENUM_TYPE_EXTENSION) continue;
    const known = values.get(node.name.value) ?? new Set();
    for (const { name } of node.values ?? []) known.add(name.value);
    values.set(node.name.value, known);
  }
  return { enumValues: (type) => values.get(type) };
}

function isObjectNode(node: DocumentNode['definitions'][number]): node is ObjectNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}

function keyOf(node: ObjectNode): string | undefined {
  const key = node.directives?.find(({ name }) => name.value === 'key');
  const fields = key?.arguments?.find(({ name }) => name.value === 'fields')?.value;
  return fields?.kind === Kind.STRING && /^[A-Za-z_][A-Za-z0-9_]*$/.test(fields.value) ? fields.value : undefined;
}

function selectedFields(node: ObjectNode, context: ProbeContext): readonly SelectedField[] {
  return (node.fields ?? []).filter(isAskable).flatMap((field) => selectedField(node.name.value, field, context));
}

/** False for a field that the gateway computes, that another register resolves, or that has a required argument. */
function isAskable({ directives = [], arguments: parameters = [] }: FieldDefinitionNode): boolean {
  const isOwn = !directives.some(({ name }) => ['derived', 'external', 'requires'].includes(name.value));
  return (
    isOwn &&
    parameters.every(({ type, defaultValue }) => type.kind !== Kind.NON_NULL_TYPE || defaultValue !== undefined)
  );
}

function selectedField(
  parentType: string,
  { name, type }: FieldDefinitionNode,
  context: ProbeContext,
): readonly SelectedField[] {
  const { named, list } = unwrapped(type);
  const field = { parentType, name: name.value, responseKey: name.value, type: named, list };
  const object = context.objects.get(named);
  if (object === undefined) return [{ ...field, fields: [] }];
  const below = fieldsBelow(object, context);
  return below.length === 0 ? [] : [{ ...field, fields: below }];
}

/** Returns only the key of an entity, because the other fields belong to another record. */
function fieldsBelow(object: ObjectNode, context: ProbeContext): readonly SelectedField[] {
  const key = keyOf(object);
  if (key !== undefined)
    return [{ parentType: object.name.value, name: key, responseKey: key, type: 'ID', list: false, fields: [] }];
  if (context.within.includes(object)) return [];
  return selectedFields(object, { ...context, within: [...context.within, object] });
}

function unwrapped(type: TypeNode): { readonly named: string; readonly list: boolean } {
  if (type.kind === Kind.NON_NULL_TYPE) return unwrapped(type.type);
  return type.kind === Kind.LIST_TYPE
    ? { ...unwrapped(type.type), list: true }
    : { named: type.name.value, list: false };
}

function textOf(fields: readonly SelectedField[]): string {
  return `{ ${fields.map(({ name, fields: below }) => (below.length > 0 ? `${name} ${textOf(below)}` : name)).join(' ')} }`;
}

function operationOf(text: string): FetchSelection['operation'] {
  const [definition] = parse(text).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the probe is no operation');
  return definition;
}
