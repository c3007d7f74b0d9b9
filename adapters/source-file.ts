import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { dangling } from './mapped-types.js';
import { soapSource } from './soap/source.js';
import { restList, restListField } from './rest/list-source.js';
import { xroadService } from './xroad/source.js';

const path = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/);
const httpPath = z.string().regex(/^\/[A-Za-z0-9/_.-]*$/, 'must be a fixed path: what is asked travels in the body');

const restField = z.union([
  path,
  z.strictObject({ path, type: z.string() }),
  z.strictObject({ path, reference: z.string() }),
  restListField,
]);

const restTypes = z.record(
  z.string(),
  z.strictObject({ key: z.string().optional(), fields: z.record(z.string(), restField) }),
);

/** How records are read over JSON. */
const restRecords = z.strictObject({
  /** `key`: the member of a record that says whose it is. Without a path single records are read as a batch of one. */
  read: z.strictObject({ path: httpPath.optional(), key: z.string() }),
  batch: z.strictObject({ path: httpPath, keys: z.string(), items: z.string(), max: z.int().min(1) }),
  /** Member of the question that names the members of a record which are wanted; without it the register sends whole records. */
  select: z.string().optional(),
  /** Root fields, each with the argument that holds the key, or a list of keys. */
  roots: z.record(z.string(), z.string()).default({}),
  lists: z.record(z.string(), restList).default({}),
  types: restTypes.superRefine((types, context) => {
    for (const message of dangling(types)) context.addIssue({ code: 'custom', message });
  }),
});

const restSource = restRecords
  .extend({ protocol: z.literal('rest'), api_key_header: z.string() })
  .superRefine(refuseMisplacedLists);

function refuseMisplacedLists(
  { lists, types }: Pick<z.output<typeof restRecords>, 'lists' | 'types'>,
  context: z.RefinementCtx,
): void {
  for (const message of misplacedLists(types, Object.keys(lists))) context.addIssue({ code: 'custom', message });
}

type RestFields = z.output<typeof restTypes>;

/** Lists that come apart from the record exist, and belong to what has a key to ask them by. */
function misplacedLists(types: RestFields, lists: readonly string[]): readonly string[] {
  return Object.entries(types).flatMap(([type, { key, fields }]) =>
    Object.entries(fields).flatMap(([name, field]) => {
      if (typeof field === 'string' || !('list' in field)) return [];
      if (key === undefined) return [`${type}.${name} is a list of its own, but ${type} has no key`];
      return lists.includes(field.list) ? [] : [`${type}.${name} is of the list ${field.list}, which is not mapped`];
    }),
  );
}

const graphqlSource = z.strictObject({ protocol: z.literal('graphql') });

/** Names in the legacy schema; quoted in statements all the same. */
const sqlName = z.string().regex(/^[a-z_][a-z0-9_]*$/);

const sqlColumn = z.discriminatedUnion('as', [
  z.strictObject({ column: sqlName, as: z.enum(['text', 'decimal', 'integer', 'date_yyyymmdd']) }),
  z.strictObject({ column: sqlName, as: z.literal('code'), codes: z.record(z.string(), z.string()) }),
]);

const sqlSource = z.strictObject({
  protocol: z.literal('sql'),
  entity: z.strictObject({ type: z.string(), key: z.string() }),
  /** More rows than this are no answer: the statement ends there. */
  max_rows: z.int().min(1).max(1_000_000),
  lists: z.record(
    z.string(),
    z.strictObject({
      table: sqlName,
      /** Column of the owner's number; its type decides the cast that keeps the index in use. */
      owner: z.strictObject({ column: sqlName, type: z.enum(['bpchar', 'varchar', 'text']) }),
      order: sqlName,
      columns: z.record(z.string(), sqlColumn),
    }),
  ),
});

/** X-Road carries the messages; the records in them are mapped as those of a REST register. */
const xroadSource = restRecords.extend(xroadService).superRefine(refuseMisplacedLists);

const source = z.discriminatedUnion('protocol', [restSource, graphqlSource, sqlSource, soapSource, xroadSource]);

export type Source = z.output<typeof source>;
export type RestSourceFile = z.output<typeof restSource>;
/** How records are read over JSON, whoever carries the messages. */
export type RestSource = z.output<typeof restRecords>;
export type XroadSource = z.output<typeof xroadSource>;
export type SqlSource = z.output<typeof sqlSource>;
export type SqlColumn = z.output<typeof sqlColumn>;

/** A `source.yaml` that cannot be used; the message names the file and what is wrong. */
export class SourceInvalid extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'SourceInvalid';
  }
}

/** Reads how a register is spoken to. Throws {@link SourceInvalid}. */
export function readSource(file: string): Source {
  const read = source.safeParse(readYaml(file));
  if (!read.success) throw new SourceInvalid(file, z.prettifyError(read.error));
  return read.data;
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { uniqueKeys: true });
  } catch (cause) {
    throw new SourceInvalid(file, cause instanceof Error ? cause.message : 'cannot be read');
  }
}
