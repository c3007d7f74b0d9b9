import { z } from 'zod';
import { isObject, ownMember } from '../../schemas/objects.js';
import { ValueFault, VALUE_TYPE } from './value-fault.js';

/** Steps into a record: names of members, and positions in lists, which count from 0. */
export type Path = readonly (string | number)[];

const NAMED = 'must be names with dots between them';

/** A path as names with dots between them. */
export const dottedPath = z
  .string()
  .regex(/^[^.]+(?:\.[^.]+)*$/, NAMED)
  .describe('Names with dots between them: `address.street`.');

/** A path whose names may be any texts. */
export const pathInRecord = z
  .union([z.string().min(1), z.array(z.union([z.string().min(1), z.int().min(0)]))])
  .describe(
    'Names and positions: `[data, 0, "amount.total"]`. A path of one name may be a text; its dots are part of the name. `[]` is the record itself.',
  );

/** Returns the steps of a path that is written as {@link pathInRecord}. */
export function stepsOf(path: z.output<typeof pathInRecord>): Path {
  return typeof path === 'string' ? [path] : path;
}

/**
 * Returns the value at a path; undefined if there is none. Returns a {@link VALUE_TYPE} if something on the way is of
 * another kind than the path says, and the fault itself if one is on the way.
 */
export type ValueAt = (record: Readonly<Record<string, unknown>>) => unknown;

/**
 * Compiles a path. It may lead through as many lists of objects as `lists` says; the value is then the list of what is
 * in each of them.
 */
export function compilePath(path: Path, lists: number): ValueAt {
  const [name] = path;
  if (path.length === 1 && typeof name === 'string')
    return name in Object.prototype ? (record) => ownMember(record, name) : (record) => record[name];
  return (record) => descend(record, path, 0, lists);
}

function descend(from: unknown, path: Path, start: number, lists: number): unknown {
  let value = from;
  for (let at = start; at < path.length; at += 1) {
    const step = path[at];
    if (value === undefined || value === null) return undefined;
    if (value instanceof ValueFault) return value;
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return VALUE_TYPE;
      value = value[step];
    } else if (isObject(value)) value = ownMember(value, step ?? '');
    else if (lists > 0 && Array.isArray(value)) return value.map((item) => descend(item, path, at, lists - 1));
    else return VALUE_TYPE;
  }
  return value;
}
