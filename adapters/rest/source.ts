import { z } from 'zod';
import { callIdSource } from '../call-id.js';
import { contentSource } from '../http/content.js';
import { keyFieldsOf, mappedField, mappedTypes, operationArguments, recordKey } from '../mapping/mapped-field.js';
import { restList, restListField } from './list-source.js';
import { operationSource } from './operation-source.js';
import { selectionFaults } from './selection-faults.js';

const httpPath = z.string().regex(/^\/[A-Za-z0-9/_.-]*$/, 'must be a fixed path: what is asked travels in the body');

const operationName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'is no name: letters, digits, _, . and -');

const restTypes = mappedTypes(recordKey, z.union([mappedField, restListField]), {
  read: operationName.optional().describe('The operation that reads one record by its key.'),
  batch: operationName.optional().describe('The operation that reads many records by their keys.'),
});

const constant = z.union([z.string(), z.number(), z.boolean()]);

/**
 * How records are read over JSON, by any protocol that carries them. Either `operations` say how, or `read`, `batch`,
 * `select` and `lists` say it for registers that take a number in a body of JSON and answer in order.
 */
export const restRecords = z.strictObject({
  ...callIdSource,
  ...contentSource,
  constants: z
    .record(z.string().min(1), constant)
    .optional()
    .describe('Values that requests name as {constant.NAME}. They hold no secret.'),
  operations: z.record(operationName, operationSource).optional().describe('The ways to ask the register, by name.'),
  read: z
    .strictObject({ path: httpPath.optional(), key: z.string() })
    .optional()
    .describe(
      'Without `operations`: `key` is the member of a record that holds its person’s number. Without a path a single record is read as a batch of one.',
    ),
  batch: z
    .strictObject({ path: httpPath, keys: z.string(), items: z.string(), max: z.int().min(1) })
    .optional()
    .describe('Without `operations`: how many records are read at once, in order.'),
  select: z
    .string()
    .optional()
    .describe(
      'Without `operations`: member of the request that names the wanted members of a record. Without it the register sends whole records.',
    ),
  lists: z.record(z.string(), restList).default({}),
  roots: z
    .record(
      z.string(),
      z.union([z.string(), z.strictObject({ operation: operationName, arguments: operationArguments.optional() })]),
    )
    .default({})
    .describe('Root fields: each with the argument that holds the key, or a list of keys; or with its operation.'),
  types: restTypes,
});

/** `source.yaml` of a REST register. */
export const restSource = restRecords
  .extend({
    protocol: z.literal('rest'),
    api_key_header: z.string().optional().describe('Header of the key in the setting `api_key_file`.'),
  })
  .superRefine(checkRecords)
  .superRefine(({ operations = {} }, context) => {
    for (const [name, { request }] of Object.entries(operations))
      if (request.method === 'PUT')
        context.addIssue({
          code: 'custom',
          message: 'is for registers behind X-Road, where it reads: write GET or POST',
          path: ['operations', name, 'request', 'method'],
        });
  });

/** `source.yaml` as it is read. */
export type RestSourceFile = z.output<typeof restSource>;
/** How records are read over JSON, by any protocol that carries them. */
export type RestSource = z.output<typeof restRecords>;

/** Adds the issues of {@link checkOperations}, and one for each field that a selection would name wrongly. */
export function checkRecords(source: RestSource, context: z.RefinementCtx): void {
  checkOperations(source, context);
  for (const { message, path } of [...selectionFaults(source), ...unnamedKeys(source)])
    context.addIssue({ code: 'custom', message, path: [...path] });
}

/** In an answer by key, the name of an item says one text, and a key of several fields is several. */
function unnamedKeys({ types, operations = {} }: RestSource): readonly Fault[] {
  return Object.entries(types).flatMap(([type, mapped]) => {
    const [keys, name] = [keyFieldsOf(mapped), mapped.batch ?? ''];
    const batch = Object.hasOwn(operations, name) ? operations[name]?.batch : undefined;
    if (keys.length < 2 || batch?.answer !== 'by_key' || batch.name !== undefined) return [];
    const example = keys.map((key) => `{${key}}`).join(':');
    const message = `answers by key, and the key of ${type} has several fields: write batch.name of ${name}, as "${example}"`;
    return [{ message, path: ['types', type, 'batch'] }];
  });
}

/** What is checked of a mapping: of its operations only the names. */
type CheckedSource = Omit<RestSource, 'operations'> & {
  readonly operations?: Readonly<Record<string, unknown>> | undefined;
};

/** Adds an issue for each operation or list that is named and does not exist, or that does not fit what names it. */
export function checkOperations(source: CheckedSource, context: z.RefinementCtx): void {
  for (const { message, path } of [...formFaults(source), ...rootFaults(source), ...typeFaults(source)])
    context.addIssue({ code: 'custom', message, path: [...path] });
}

interface Fault {
  readonly message: string;
  readonly path: readonly string[];
}

function formFaults(source: CheckedSource): readonly Fault[] {
  const isWritten = (name: 'read' | 'batch' | 'select' | 'lists'): boolean =>
    name === 'lists' ? Object.keys(source.lists).length > 0 : source[name] !== undefined;
  if (source.operations === undefined)
    return (['read', 'batch'] as const)
      .filter((name) => !isWritten(name))
      .map((name) => ({ message: 'is missing: write it, or write operations', path: [name] }));
  return (['read', 'batch', 'select', 'lists'] as const)
    .filter(isWritten)
    .map((name) => ({ message: 'is given with operations: write it as one of them', path: [name] }));
}

function rootFaults(source: CheckedSource): readonly Fault[] {
  return Object.entries(source.roots).flatMap(([field, root]) =>
    typeof root === 'string' ? [] : unknownOperation(source, root.operation, ['roots', field, 'operation']),
  );
}

function typeFaults(source: CheckedSource): readonly Fault[] {
  return Object.entries(source.types).flatMap(([type, mapped]) => {
    const isKeyed = keyFieldsOf(mapped).length > 0;
    const reads = (['read', 'batch'] as const).flatMap((name) => {
      const operation = mapped[name];
      if (operation === undefined) return [];
      const path = ['types', type, name];
      const unknown = unknownOperation(source, operation, path);
      return isKeyed ? unknown : [...unknown, { message: 'reads by key, but the type has no key', path }];
    });
    const fields = Object.entries(mapped.fields).flatMap(([name, field]) =>
      fieldFaults(source, { field, isKeyed, name: `${type}.${name}`, path: ['types', type, 'fields', name] }),
    );
    return [...reads, ...fields];
  });
}

interface FieldOfType {
  readonly field: CheckedSource['types'][string]['fields'][string];
  readonly isKeyed: boolean;
  readonly name: string;
  readonly path: readonly string[];
}

function fieldFaults(source: CheckedSource, { field, isKeyed, name, path }: FieldOfType): readonly Fault[] {
  if (typeof field === 'string') return [];
  if (!('list' in field) && field.operation === undefined) return [];
  const what = 'list' in field ? 'is a list of its own' : 'is read by an operation of its own';
  const keyless = isKeyed ? [] : [{ message: `${name} ${what}, but ${path[1] ?? ''} has no key to ask by`, path }];
  if (!('list' in field))
    return [...keyless, ...unknownOperation(source, field.operation ?? '', [...path, 'operation'])];
  if (Object.hasOwn(source.lists, field.list)) return keyless;
  return [
    ...keyless,
    { message: `${name} is of the list ${field.list}, which is not mapped`, path: [...path, 'list'] },
  ];
}

function unknownOperation({ operations = {} }: CheckedSource, name: string, path: readonly string[]): readonly Fault[] {
  return Object.hasOwn(operations, name) ? [] : [{ message: `names the operation ${name}, which is not there`, path }];
}
