import {
  Kind,
  OperationTypeNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeNode,
} from 'graphql';
import { textArgument } from '../../../schemas/catalogue/directive-arguments.js';
import { governanceNames } from '../../../schemas/catalogue/governance-names.js';
import type { AddressedValue } from './addressed.js';

/** Scalars whose values identify a person. */
const PERSONAL_SCALARS: ReadonlySet<string> = new Set(['Iin', 'PersonHandle']);

interface Holder {
  readonly fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[];
  readonly directives: readonly DirectiveNode[];
  readonly interfaces: readonly string[];
}

/**
 * Returns whether a value identifies a person, by the register's schema: a field that `@subject` of its type names, an
 * argument with `@subjectArgument`, or anything of a scalar that numbers people. Numbers of organisations and documents
 * are none of these.
 */
export function personalValues(document: DocumentNode): (value: AddressedValue['value']) => boolean {
  const { subject, subjectArgument } = governanceNames(document);
  const holders = holdersIn(document);
  const query = queryTypeOf(document);
  const isSubjectField = (type: string, field: string, seen = new Set<string>()): boolean => {
    if (seen.has(type)) return false;
    seen.add(type);
    return (holders.get(type) ?? []).some(
      ({ directives, interfaces }) =>
        directives.some((one) => subject.has(one.name.value) && textArgument(one, 'field') === field) ||
        interfaces.some((name) => isSubjectField(name, field, seen)),
    );
  };
  const fieldOf = (type: string, name: string): FieldDefinitionNode | InputValueDefinitionNode | undefined =>
    (holders.get(type) ?? []).flatMap(({ fields }) => fields).find((field) => field.name.value === name);
  const isPersonalScalar = (type: TypeNode | undefined): boolean =>
    type !== undefined && PERSONAL_SCALARS.has(namedType(type));

  return (value) => {
    if (value.kind === 'key')
      return isSubjectField(value.type, value.field) || isPersonalScalar(fieldOf(value.type, value.field)?.type);
    const [name, ...members] = value.argument.split('.');
    const field = fieldOf(value.type ?? query, value.field);
    if (field?.kind !== Kind.FIELD_DEFINITION) return false;
    const argument = field.arguments?.find((one) => one.name.value === name);
    if (argument?.directives?.some((one) => subjectArgument.has(one.name.value))) return true;
    const type = members.reduce<TypeNode | undefined>(
      (at, member) => at && fieldOf(namedType(at), member)?.type,
      argument?.type,
    );
    return isPersonalScalar(type);
  };
}

function holdersIn({ definitions }: DocumentNode): ReadonlyMap<string, readonly Holder[]> {
  const holders = new Map<string, Holder[]>();
  for (const node of definitions) {
    if (!('name' in node) || node.name === undefined || !('fields' in node)) continue;
    const holder = {
      fields: node.fields ?? [],
      directives: node.directives ?? [],
      interfaces: 'interfaces' in node ? (node.interfaces ?? []).map(({ name }) => name.value) : [],
    };
    holders.set(node.name.value, [...(holders.get(node.name.value) ?? []), holder]);
  }
  return holders;
}

function queryTypeOf({ definitions }: DocumentNode): string {
  for (const node of definitions)
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
      for (const { operation, type } of node.operationTypes ?? [])
        if (operation === OperationTypeNode.QUERY) return type.name.value;
  return 'Query';
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
