import { z } from 'zod';
import { ownMember } from '../../schemas/objects.js';
import { dottedPath, pathInRecord, stepsOf, type Path } from './path.js';
import { compileChain } from './transforms/compile-transform.js';
import { transformAs, TransformInvalid, transformOptions, type TransformSpec } from './transforms/transform.js';

const typeName = z.string().min(1);

/** Tells apart the types of a union or interface by a member of the object. */
const discriminator = z
  .strictObject({
    at: pathInRecord.describe('The member of the object that tells its type.'),
    types: z.record(z.string(), typeName).describe('The type for each value of that member.'),
    default: typeName.optional().describe('The type for every other value. Without it such an object is an error.'),
  })
  .describe('For a union or interface: which of its types an object is.');

/** The argument for each placeholder of an operation. */
export const operationArguments = z
  .record(z.string().min(1), z.string().min(1))
  .describe('The argument for each placeholder of the operation. Without it placeholders are named like arguments.');

const fieldObject = z
  .strictObject({
    path: dottedPath.optional(),
    at: pathInRecord.optional().describe('Where the value is. The field’s own name if it is left out.'),
    as: transformAs.optional(),
    ...transformOptions,
    one_or_many: z.literal(true).optional().describe('A list of one comes as the item itself.'),
    type: typeName.optional().describe('The value is an object, or a list of objects, of this type of `types`.'),
    reference: typeName
      .optional()
      .describe('The value is the key of another record of this type; its other fields are read by that key.'),
    discriminator: discriminator.optional(),
    operation: z.string().min(1).optional().describe('The value is not in the record: this operation reads it.'),
    arguments: operationArguments.optional(),
    not_provided: z
      .string()
      .min(1)
      .optional()
      .describe('The register does not have the field, which is always null. The text says why.'),
  })
  .superRefine((field, context) => {
    for (const { message, path } of fieldFaults(field)) context.addIssue({ code: 'custom', message, path: [...path] });
  });

type FieldObject = z.output<typeof fieldObject>;

/** Where a field of a type is, and how it is converted. One schema for all protocols. */
export const mappedField = z
  .union([dottedPath, fieldObject])
  .describe('Where the field is: a path with dots, or an object that says more.');

export type MappedField = string | FieldObject;

/** A list that a register of the protocol `rest` sends in pages of its own. */
interface PagedList {
  readonly list: string;
  readonly type: string;
}

/** A field of any protocol. */
export type AnyField = MappedField | PagedList;

/** The types of a mapping, by name. */
export type MappedTypes = Readonly<Record<string, MappedType>>;

export interface MappedType {
  readonly key?: string | readonly string[] | undefined;
  readonly fields: Readonly<Record<string, AnyField>>;
  readonly discriminator?: z.output<typeof discriminator> | undefined;
}

/** A key of one field. */
export const singleKey = z.string().min(1).describe('The field that is the key of its records.');

/** A key of one field or of several. */
export const recordKey = z
  .union([singleKey, z.array(z.string().min(1)).min(1)])
  .describe('The field that is the key of its records, or the list of fields that are it together.');

/** Returns the schema of `types`. `key`: {@link singleKey} or {@link recordKey}; `field`: {@link mappedField} or a union with it. `more`: what the protocol says of a type. */
export function mappedTypes<
  Key extends z.ZodType<string | string[]>,
  Field extends z.ZodType<AnyField>,
  More extends z.ZodRawShape = Record<never, never>,
>(key: Key, field: Field, more?: More) {
  const type = z.strictObject({
    key: key.optional(),
    fields: z.record(z.string(), field).default({}).describe('The fields of the type, by the names of schema.graphql.'),
    discriminator: discriminator.optional(),
    ...(more as More),
  });
  return z
    .record(z.string(), type)
    .superRefine((types, context) => {
      for (const { message, path } of danglingTypes(types as MappedTypes))
        context.addIssue({ code: 'custom', message, path: [...path] });
    })
    .describe('How the objects of each type are read.');
}

/** A root field as mappings write it: its only argument, its arguments, or the operation that reads it. */
export type MappedRoot =
  | string
  | readonly string[]
  | { readonly operation: string; readonly arguments?: Readonly<Record<string, string>> | undefined };

/** What a field is read as. */
export type FieldReading =
  | { readonly kind: 'leaf'; readonly at: Path }
  | { readonly kind: 'object'; readonly at: Path; readonly type: string }
  | { readonly kind: 'reference'; readonly at: Path; readonly type: string }
  | { readonly kind: 'abstract'; readonly at: Path; readonly discriminator: z.output<typeof discriminator> }
  | { readonly kind: 'not_provided' }
  /** Not in the record: a list or object that is requested separately. */
  | { readonly kind: 'apart'; readonly type: string | undefined };

/** Returns what a field is read as. `name`: the field's own name. */
export function readingOf(name: string, field: AnyField): FieldReading {
  if (typeof field === 'string') return { kind: 'leaf', at: field.split('.') };
  if ('list' in field) return { kind: 'apart', type: field.type };
  const { path, at, type, reference, discriminator: told } = field;
  if (field.operation !== undefined) return { kind: 'apart', type };
  if (field.not_provided !== undefined) return { kind: 'not_provided' };
  const steps = at === undefined ? (path?.split('.') ?? [name]) : stepsOf(at);
  if (type !== undefined) return { kind: 'object', at: steps, type };
  if (reference !== undefined) return { kind: 'reference', at: steps, type: reference };
  if (told !== undefined) return { kind: 'abstract', at: steps, discriminator: told };
  return { kind: 'leaf', at: steps };
}

/** Returns the transforms of a field, in their order; none if the value stays as it came. */
export function transformsOf(field: AnyField): readonly TransformSpec[] {
  if (typeof field === 'string' || 'list' in field || field.as === undefined) return [];
  const { as, length, codes, unknown, format, zone, with: between, by } = field;
  if (typeof as === 'string') return [{ as, length, codes, unknown, format, zone, with: between, by }];
  return as.map((one) => (typeof one === 'string' ? { as: one } : one));
}

/** Returns the fields of the key of a type; none if it has no key. */
export function keyFieldsOf({ key }: Pick<MappedType, 'key'>): readonly string[] {
  if (key === undefined) return [];
  return typeof key === 'string' ? [key] : key;
}

interface FieldFault {
  readonly message: string;
  /** Below the field. */
  readonly path: readonly (string | number)[];
}

const KINDS = ['type', 'reference', 'discriminator', 'not_provided'] as const;
const OPTIONS = ['length', 'codes', 'unknown', 'format', 'zone', 'with', 'by'] as const;

function fieldFaults(field: FieldObject): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  const kinds = KINDS.filter((kind) => field[kind] !== undefined);
  if (kinds.length > 1)
    faults.push({ message: `stands beside ${kinds[0]}: write one of them`, path: [kinds[1] ?? ''] });
  if (field.path !== undefined && field.at !== undefined)
    faults.push({ message: 'stands beside path: write only at', path: ['at'] });
  if (field.as !== undefined && kinds.length > 0 && field.reference === undefined)
    faults.push({ message: `converts a value, and the field is ${kinds[0]}: remove it`, path: ['as'] });
  if (field.arguments !== undefined && field.operation === undefined)
    faults.push({ message: 'is for operation: remove it', path: ['arguments'] });
  const place = (['path', 'at'] as const).find((one) => field[one] !== undefined);
  if (place !== undefined && (field.operation !== undefined || field.not_provided !== undefined))
    faults.push({ message: 'says where a value is that is not in the record: remove it', path: [place] });
  return [...faults, ...transformFaults(field)];
}

function transformFaults(field: FieldObject): readonly FieldFault[] {
  const isChain = typeof field.as === 'object';
  const stray = isChain || field.as === undefined ? OPTIONS.find((option) => field[option] !== undefined) : undefined;
  if (stray !== undefined)
    return [
      {
        message: isChain
          ? 'is beside a chain: write it with its transform'
          : 'is an option of a transform: write as, too',
        path: [stray],
      },
    ];
  return transformsOf(field).flatMap((spec, position) => {
    try {
      // A field of any type, list or not: what it is only the schema says.
      compileChain([spec], '', spec.as === 'split');
      return [];
    } catch (error) {
      if (!(error instanceof TransformInvalid)) throw error;
      const step = isChain ? ['as', position] : [];
      const isBare = error.option === 'as' && isChain;
      return [{ message: error.message, path: isBare ? step : [...step, error.option] }];
    }
  });
}

/** Every type that a field leads to must be mapped, and a type that is referred to must have a key of one field. */
function danglingTypes(types: MappedTypes): readonly FieldFault[] {
  return Object.entries(types).flatMap(([type, mapped]) => [
    ...leadsTo(mapped, types).map(({ message, path }) => ({ message: `${type} ${message}`, path: [type, ...path] })),
    ...Object.entries(mapped.fields).flatMap(([name, field]) =>
      fieldLeadsTo(name, field, types).map(({ message, path }) => ({
        message: `${type}.${name} ${message}`,
        path: [type, 'fields', name, ...path],
      })),
    ),
  ]);
}

function leadsTo(mapped: MappedType, types: MappedTypes): readonly FieldFault[] {
  if (mapped.discriminator === undefined) return [];
  return unmappedOf(mapped.discriminator, types, ['discriminator']);
}

function fieldLeadsTo(name: string, field: AnyField, types: MappedTypes): readonly FieldFault[] {
  const reading = readingOf(name, field);
  switch (reading.kind) {
    case 'leaf':
    case 'not_provided':
      return [];
    case 'reference': {
      const referred = ownMember(types, reading.type);
      if (referred !== undefined && keyFieldsOf(referred).length === 1) return [];
      return [{ message: `refers to ${reading.type}, which has no key`, path: ['reference'] }];
    }
    case 'abstract':
      return unmappedOf(reading.discriminator, types, ['discriminator']);
    case 'object':
    case 'apart':
      if (reading.type === undefined || Object.hasOwn(types, reading.type)) return [];
      return [{ message: `is of type ${reading.type}, which is not mapped`, path: ['type'] }];
  }
}

function unmappedOf(
  { types: told, default: other }: z.output<typeof discriminator>,
  types: MappedTypes,
  path: readonly string[],
): readonly FieldFault[] {
  const named = Object.entries(told).map(([value, type]) => ({ type, path: [...path, 'types', value] }));
  if (other !== undefined) named.push({ type: other, path: [...path, 'default'] });
  return named
    .filter(({ type }) => !Object.hasOwn(types, type))
    .map(({ type, path: place }) => ({ message: `is of type ${type}, which is not mapped`, path: place }));
}
