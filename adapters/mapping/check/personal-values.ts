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
import { isPersonNumberName } from '../../../schemas/identifiers/person-number-names.js';
import type { AddressedValue } from './addressed.js';

/** Scalars whose values identify a person. */
const PERSONAL_SCALARS: ReadonlySet<string> = new Set(['Iin', 'PersonHandle']);

interface Holder {
  readonly fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[];
  readonly directives: readonly DirectiveNode[];
  readonly interfaces: readonly string[];
}

/** Scalars that say nothing of what their values are. */
const PLAIN_SCALARS: ReadonlySet<string> = new Set(['String', 'ID']);
/** Scalars that can hold the number of a person. */
const NUMBERING: ReadonlySet<string> = new Set([...PLAIN_SCALARS, 'Int', 'BigInt', 'Decimal', 'Float']);

/**
 * Returns whether a value identifies a person, by the register's schema: a field that `@subject` of its type names, an
 * argument with `@subjectArgument`, anything of a scalar that numbers people, an argument that is sent as such a key of
 * what its field answers, and a plain text or number that is called like one of these, or as the numbers of people are in
 * the registers of a state. Numbers of organisations and documents are none of them.
 */
export function personalValues(
  document: DocumentNode,
): (value: Pick<AddressedValue, 'placeholder' | 'value'>) => boolean {
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

  const isPersonalKey = (type: string, field: string): boolean =>
    isSubjectField(type, field) || isPersonalScalar(fieldOf(type, field)?.type);
  const personalNames = new Set(
    [...holders].flatMap(([type, parts]) =>
      parts.flatMap(({ fields }) =>
        fields.flatMap((field) => [
          ...(isPersonalKey(type, field.name.value) ? [field.name.value] : []),
          ...argumentsOf(field)
            .filter((one) => isPersonalScalar(one.type) || hasDirective(one, subjectArgument))
            .map(({ name }) => name.value),
        ]),
      ),
    ),
  );
  const isCalledSo = (name: string, type: TypeNode | undefined): boolean => {
    if (type === undefined) return false;
    const scalar = namedType(type);
    return (
      (PLAIN_SCALARS.has(scalar) && personalNames.has(name)) || (NUMBERING.has(scalar) && isPersonNumberName(name))
    );
  };

  return ({ placeholder, value }) => {
    if (value.kind === 'key')
      return isPersonalKey(value.type, value.field) || isCalledSo(value.field, fieldOf(value.type, value.field)?.type);
    const [name, ...members] = value.argument.split('.');
    const field = fieldOf(value.type ?? query, value.field);
    if (field?.kind !== Kind.FIELD_DEFINITION) return false;
    const argument = field.arguments?.find((one) => one.name.value === name);
    if (argument === undefined) return false;
    if (hasDirective(argument, subjectArgument)) return true;
    // By a placeholder that is called like the key of what is answered, the register is asked for that key.
    if (value.type === undefined && isPersonalKey(namedType(field.type), placeholder)) return true;
    const type = members.reduce<TypeNode | undefined>(
      (at, member) => at && fieldOf(namedType(at), member)?.type,
      argument.type,
    );
    const names = [members.at(-1) ?? argument.name.value, placeholder];
    return isPersonalScalar(type) || names.some((one) => isCalledSo(one, type));
  };
}

function argumentsOf(field: FieldDefinitionNode | InputValueDefinitionNode): readonly InputValueDefinitionNode[] {
  return field.kind === Kind.FIELD_DEFINITION ? (field.arguments ?? []) : [];
}

function hasDirective({ directives = [] }: InputValueDefinitionNode, names: ReadonlySet<string>): boolean {
  return directives.some(({ name }) => names.has(name.value));
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
