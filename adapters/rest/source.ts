import { z } from 'zod';
import { mappedField, mappedTypes, singleKey } from '../mapping/mapped-field.js';
import { callIdSource } from '../call-id.js';
import { restList, restListField } from './list-source.js';

const httpPath = z.string().regex(/^\/[A-Za-z0-9/_.-]*$/, 'must be a fixed path: what is asked travels in the body');

const restTypes = mappedTypes(singleKey, z.union([mappedField, restListField]));

/** How records are read over JSON, by any protocol that carries them. */
export const restRecords = z.strictObject({
  ...callIdSource,
  /**
   * `key`: the member of a record that holds its person's number. Without a path a single record is read as a batch of
   * one.
   */
  read: z.strictObject({ path: httpPath.optional(), key: z.string() }),
  batch: z.strictObject({ path: httpPath, keys: z.string(), items: z.string(), max: z.int().min(1) }),
  /** Member of the request that names the wanted members of a record. Without it the register sends whole records. */
  select: z.string().optional(),
  /** Root fields, each with the argument that holds the key, or a list of keys. */
  roots: z.record(z.string(), z.string()).default({}),
  lists: z.record(z.string(), restList).default({}),
  types: restTypes,
});

/** `source.yaml` of a REST register. */
export const restSource = restRecords
  .extend({ protocol: z.literal('rest'), api_key_header: z.string().optional() })
  .superRefine(refuseMisplacedLists);

/** Adds an issue for each list that does not exist or belongs to a type without a key. */
export function refuseMisplacedLists(
  { lists, types }: Pick<RestSource, 'lists' | 'types'>,
  context: z.RefinementCtx,
): void {
  for (const message of misplacedLists(types, Object.keys(lists))) context.addIssue({ code: 'custom', message });
}

type RestFields = z.output<typeof restTypes>;

function misplacedLists(types: RestFields, lists: readonly string[]): readonly string[] {
  return Object.entries(types).flatMap(([type, { key, fields }]) =>
    Object.entries(fields).flatMap(([name, field]) => {
      if (typeof field === 'string' || !('list' in field)) return [];
      if (key === undefined) return [`${type}.${name} is a list of its own, but ${type} has no key`];
      return lists.includes(field.list) ? [] : [`${type}.${name} is of the list ${field.list}, which is not mapped`];
    }),
  );
}

export type RestSourceFile = z.output<typeof restSource>;
/** How records are read over JSON, by any protocol that carries them. */
export type RestSource = z.output<typeof restRecords>;
