import type { DocumentPath } from '../../../schemas/bounded-yaml.js';
import {
  keyFieldsOf,
  readingOf,
  transformsOf,
  type AnyField,
  type MappedRoot,
  type MappedType,
  type MappedTypes,
} from '../mapped-field.js';
import type { AddressedValue } from './addressed.js';
import type { Questions } from './questions.js';
import type { TransformSpec } from '../transforms/transform.js';

/**
 * What a mapping says of the schema, whichever protocol it is for. Each part knows where it is written. Each protocol
 * makes it of its own `source.yaml`.
 */
export interface MappingOutline {
  readonly types: readonly TypeOutline[];
  readonly roots: readonly RootOutline[];
  /** What requests put into addresses without consent. Left out by protocols whose messages have one address. */
  readonly addressed?: readonly AddressedValue[];
  /** What requests ask for. Left out by protocols without operations. */
  readonly questions?: Questions;
  /** Where types and roots are written, for those that are missing. */
  readonly at: { readonly types: DocumentPath; readonly roots: DocumentPath };
}

export interface TypeOutline {
  readonly name: string;
  readonly at: DocumentPath;
  /** The fields of its key. Empty if it has none. */
  readonly key: readonly string[];
  readonly keyAt: DocumentPath;
  readonly fields: readonly FieldOutline[];
  /** Where its fields are written, for those that are missing. */
  readonly fieldsAt: DocumentPath;
  /** The types that an object of a union or interface may be. Undefined for other types. */
  readonly oneOf?: readonly NamedType[];
}

/** A name of a type that a mapping mentions. */
export interface NamedType {
  readonly type: string;
  readonly at: DocumentPath;
}

/** The arguments of a field that a mapping uses. */
interface UsedArguments {
  readonly arguments: readonly NamedArgument[];
  /** Whether it may use others by their own names: an operation does, by placeholders. */
  readonly mayUseMore: boolean;
}

export interface FieldOutline extends UsedArguments {
  readonly name: string;
  readonly at: DocumentPath;
  /** `inline`: objects whose fields are written here; their type is that of the schema. */
  readonly reads:
    | { readonly kind: 'leaf'; readonly transforms: readonly TransformSpec[]; readonly isOneOrMany: boolean }
    | ({ readonly kind: 'object' | 'reference' } & NamedType)
    | { readonly kind: 'abstract'; readonly oneOf: readonly NamedType[] }
    | { readonly kind: 'inline'; readonly fields: readonly FieldOutline[]; readonly fieldsAt: DocumentPath }
    | { readonly kind: 'not_provided' }
    /** Read by a call of its own; without a type, what is read is a value. */
    | { readonly kind: 'apart'; readonly type: NamedType | undefined };
}

/** A name of an argument that a mapping mentions. */
export interface NamedArgument {
  readonly name: string;
  readonly at: DocumentPath;
}

export interface RootOutline extends UsedArguments {
  readonly name: string;
  readonly at: DocumentPath;
}

/** Returns what the part `roots` says. */
export function outlineOfRoots(
  roots: Readonly<Record<string, MappedRoot>>,
  around: DocumentPath = ['roots'],
): readonly RootOutline[] {
  return Object.entries(roots).map(([name, root]) => {
    const at = [...around, name];
    if (typeof root === 'string') return { name, at, arguments: [{ name: root, at }], mayUseMore: false };
    if (!('operation' in root))
      return { name, at, arguments: root.map((one, place) => ({ name: one, at: [...at, place] })), mayUseMore: false };
    return { name, at, arguments: namedArguments(root.arguments ?? {}, at), mayUseMore: true };
  });
}

/** Returns what the part `types` says, as `mappedTypes` reads it. */
export function outlineOfTypes(types: MappedTypes, at: DocumentPath = ['types']): readonly TypeOutline[] {
  return Object.entries(types).map(([name, mapped]) => outlineOfType(name, mapped, [...at, name]));
}

function outlineOfType(name: string, mapped: MappedType, at: DocumentPath): TypeOutline {
  const fields = Object.entries(mapped.fields).map(([field, given]) =>
    outlineOfField(field, given, [...at, 'fields', field]),
  );
  const outline = { name, at, key: keyFieldsOf(mapped), keyAt: [...at, 'key'], fields, fieldsAt: [...at, 'fields'] };
  const { discriminator } = mapped;
  return discriminator === undefined
    ? outline
    : { ...outline, oneOf: namedIn(discriminator, [...at, 'discriminator']) };
}

function outlineOfField(name: string, given: AnyField, at: DocumentPath): FieldOutline {
  const mayUseMore = typeof given === 'object' && 'operation' in given && given.operation !== undefined;
  return { name, at, reads: readsOf(name, given, at), arguments: argumentsOf(given, at), mayUseMore };
}

function readsOf(name: string, given: AnyField, at: DocumentPath): FieldOutline['reads'] {
  const reading = readingOf(name, given);
  switch (reading.kind) {
    case 'leaf':
      return {
        kind: 'leaf',
        transforms: transformsOf(given),
        isOneOrMany: typeof given === 'object' && 'one_or_many' in given && given.one_or_many === true,
      };
    case 'object':
      return { kind: 'object', type: reading.type, at: [...at, 'type'] };
    case 'reference':
      return { kind: 'reference', type: reading.type, at: [...at, 'reference'] };
    case 'abstract':
      return { kind: 'abstract', oneOf: namedIn(reading.discriminator, [...at, 'discriminator']) };
    case 'not_provided':
      return { kind: 'not_provided' };
    case 'apart':
      return {
        kind: 'apart',
        type: reading.type === undefined ? undefined : { type: reading.type, at: [...at, 'type'] },
      };
  }
}

function namedIn(
  { types, default: other }: NonNullable<MappedType['discriminator']>,
  at: DocumentPath,
): readonly NamedType[] {
  const named = Object.entries(types).map(([value, type]) => ({ type, at: [...at, 'types', value] }));
  return other === undefined ? named : [...named, { type: other, at: [...at, 'default'] }];
}

/** An operation has the argument of each placeholder, a list the member of each argument. */
function argumentsOf(given: AnyField, at: DocumentPath): readonly NamedArgument[] {
  if (typeof given === 'string' || !('arguments' in given)) return [];
  return namedArguments(given.arguments ?? {}, at);
}

function namedArguments(written: Readonly<Record<string, unknown>>, at: DocumentPath): readonly NamedArgument[] {
  return Object.entries(written).map(([name, argument]) => ({
    name: typeof argument === 'string' ? argument : name,
    at: [...at, 'arguments', name],
  }));
}
