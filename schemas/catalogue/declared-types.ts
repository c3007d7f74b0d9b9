import {
  Kind,
  type DirectiveNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import type { RegisterSchema } from './register-schema.js';

type TypeNodeWithFields =
  ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode;

/** An object or interface type as one register declares it, its extensions put together. */
export interface DeclaredType {
  readonly name: string;
  readonly kind: 'object' | 'interface';
  readonly directives: readonly DirectiveNode[];
  readonly interfaces: readonly string[];
  readonly fields: readonly FieldDefinitionNode[];
  /** Where it stands, for messages. */
  readonly line: number;
}

const FIELD_KINDS: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
]);

/** The types with fields of a register, by name. */
export function declaredTypes({ document }: RegisterSchema): ReadonlyMap<string, DeclaredType> {
  const types = new Map<string, DeclaredType>();
  for (const node of document.definitions) {
    if (!FIELD_KINDS.has(node.kind)) continue;
    const declared = declare(node as TypeNodeWithFields);
    const known = types.get(declared.name);
    types.set(declared.name, known === undefined ? declared : join(known, declared));
  }
  return types;
}

function declare(node: TypeNodeWithFields): DeclaredType {
  return {
    name: node.name.value,
    kind:
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION ? 'object' : 'interface',
    directives: node.directives ?? [],
    interfaces: (node.interfaces ?? []).map(({ name }) => name.value),
    fields: node.fields ?? [],
    line: node.loc?.startToken.line ?? 0,
  };
}

function join(one: DeclaredType, other: DeclaredType): DeclaredType {
  return {
    ...one,
    directives: [...one.directives, ...other.directives],
    interfaces: [...one.interfaces, ...other.interfaces],
    fields: [...one.fields, ...other.fields],
  };
}

/** `Citizen` of `[Citizen!]!`. */
export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

/** True for lists, non-null or not. */
export function isListType(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isListType(type.type));
}

/** Names of the root types; registers use the default ones. */
export const ROOT_TYPES: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);
