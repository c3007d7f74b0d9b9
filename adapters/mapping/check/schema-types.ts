import {
  Kind,
  OperationTypeNode,
  parse,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type NameNode,
  type TypeNode,
} from 'graphql';

/** A field of a type, as a register's own schema says it. */
export interface SchemaField {
  readonly name: string;
  /** Named type. */
  readonly type: string;
  /** Depth of lists around its values. */
  readonly lists: number;
  readonly isRequired: boolean;
  readonly arguments: readonly string[];
  /** Named type of each argument. */
  readonly argumentTypes: ReadonlyMap<string, string>;
  /** Computed by Tereze, or owned by another register. */
  readonly isMapped: boolean;
}

export interface SchemaType {
  readonly kind: 'object' | 'interface' | 'union';
  readonly name: string;
  readonly fields: ReadonlyMap<string, SchemaField>;
  /** Sets of fields that are a key by which this register reads objects. */
  readonly keys: readonly (readonly string[])[];
  /** For interfaces and unions: the types that an object may be. */
  readonly members: ReadonlySet<string>;
}

/** The types of a register's own schema, with what federation and governance say of them. */
export interface SchemaTypes {
  /** Objects, interfaces and unions, without `Query`. */
  readonly types: ReadonlyMap<string, SchemaType>;
  readonly roots: ReadonlyMap<string, SchemaField>;
  readonly enums: ReadonlyMap<string, ReadonlySet<string>>;
  /** Input objects: the named type of each member. */
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

interface Making {
  kind: SchemaType['kind'];
  readonly fields: Map<string, SchemaField>;
  readonly keys: (readonly string[])[];
  readonly members: Set<string>;
}

/** What is found in a schema document. */
interface Found {
  readonly types: Map<string, Making>;
  readonly enums: Map<string, Set<string>>;
  readonly inputs: Map<string, Map<string, string>>;
  /** Name of the type of root fields. */
  query: string;
}

/** Reads the types of a schema document, extensions with them. The document need not be valid. */
export function schemaTypes({ definitions }: DocumentNode): SchemaTypes {
  const found: Found = { types: new Map(), enums: new Map(), inputs: new Map(), query: 'Query' };
  for (const node of definitions) readDefinition(node, found);
  const { types, enums, inputs, query } = found;
  const roots = types.get(query)?.fields ?? new Map<string, SchemaField>();
  types.delete(query);
  return {
    types: new Map([...types].map(([name, made]) => [name, { name, ...made }])),
    roots: new Map([...roots].filter(([name]) => !name.startsWith('_'))),
    enums,
    inputs,
  };
}

function readDefinition(node: DefinitionNode, found: Found): void {
  switch (node.kind) {
    case Kind.SCHEMA_DEFINITION:
    case Kind.SCHEMA_EXTENSION: {
      const query = node.operationTypes?.find(({ operation }) => operation === OperationTypeNode.QUERY);
      found.query = query?.type.name.value ?? found.query;
      return;
    }
    case Kind.ENUM_TYPE_DEFINITION:
    case Kind.ENUM_TYPE_EXTENSION: {
      const values = (node.values ?? []).map(({ name }) => name.value);
      found.enums.set(node.name.value, new Set([...(found.enums.get(node.name.value) ?? []), ...values]));
      return;
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_EXTENSION: {
      const members = found.inputs.get(node.name.value) ?? new Map<string, string>();
      for (const { name, type } of node.fields ?? []) members.set(name.value, shapeOf(type).type);
      found.inputs.set(node.name.value, members);
      return;
    }
    default:
      readComposite(node, found.types);
  }
}

function readComposite(node: DefinitionNode, types: Map<string, Making>): void {
  switch (node.kind) {
    case Kind.UNION_TYPE_DEFINITION:
    case Kind.UNION_TYPE_EXTENSION: {
      const made = making(types, node.name.value, 'union');
      for (const { name } of node.types ?? []) made.members.add(name.value);
      return;
    }
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
      readFields(node, 'object', types);
      for (const { name } of node.interfaces ?? []) making(types, name.value, 'interface').members.add(node.name.value);
      return;
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_EXTENSION:
      readFields(node, 'interface', types);
      return;
    default:
  }
}

interface TypeNodeWithFields {
  readonly name: NameNode;
  readonly fields?: readonly FieldDefinitionNode[] | undefined;
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

function readFields(node: TypeNodeWithFields, kind: 'object' | 'interface', types: Map<string, Making>): void {
  const made = making(types, node.name.value, kind);
  for (const field of node.fields ?? []) made.fields.set(field.name.value, fieldOf(field));
  made.keys.push(...(node.directives ?? []).flatMap(keyOf));
}

function making(types: Map<string, Making>, name: string, kind: SchemaType['kind']): Making {
  const made = types.get(name) ?? { kind, fields: new Map(), keys: [], members: new Set() };
  types.set(name, made);
  return made;
}

function fieldOf({ name, type, arguments: given, directives = [] }: FieldDefinitionNode): SchemaField {
  return {
    name: name.value,
    ...shapeOf(type),
    isRequired: type.kind === Kind.NON_NULL_TYPE,
    arguments: (given ?? []).map((argument) => argument.name.value),
    argumentTypes: new Map((given ?? []).map((argument) => [argument.name.value, shapeOf(argument.type).type])),
    isMapped: !directives.some((directive) => ['derived', 'external'].includes(directive.name.value)),
  };
}

function shapeOf(type: TypeNode): { readonly type: string; readonly lists: number } {
  if (type.kind === Kind.NAMED_TYPE) return { type: type.name.value, lists: 0 };
  const inner = shapeOf(type.type);
  return type.kind === Kind.LIST_TYPE ? { ...inner, lists: inner.lists + 1 } : inner;
}

/** Keys of nested fields are not compared. */
function keyOf({ name, arguments: given = [] }: ConstDirectiveNode): readonly (readonly string[])[] {
  if (name.value !== 'key') return [];
  const valueOf = (one: string) => given.find((argument) => argument.name.value === one)?.value;
  const resolvable = valueOf('resolvable');
  if (resolvable?.kind === Kind.BOOLEAN && !resolvable.value) return [];
  const fields = valueOf('fields');
  return fields?.kind === Kind.STRING && !fields.value.includes('{') ? [fieldNames(fields.value)] : [];
}

function fieldNames(selection: string): readonly string[] {
  const [definition] = parse(`{ ${selection} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return definition.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []));
}
