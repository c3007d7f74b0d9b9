import { isObject, ownMember } from '../../../schemas/objects.js';
import type { Path } from '../../mapping/path.js';
import { GRAPHQL_ERROR, ValueFault } from '../../mapping/value-fault.js';
import { errorPaths } from '../error-paths.js';

/** Where the records of an answer are, from the answer itself. Undefined steps are positions in the list of them. */
export type RecordsPlace = readonly (string | number | undefined)[];

/**
 * Writes a fault into an answer in the place of each value for which it has an error, so that the value alone is lost, with
 * the reason. An error leads to a value or, where that may not be null, to the nearest object around it that is (GraphQL
 * specification, section 6.4.4). Returns false if an error has no path, or leads to no value inside a record: then no one
 * can tell what of the answer is true. Reads no message.
 */
export function markSpoiled(answer: Readonly<Record<string, unknown>>, records: RecordsPlace): boolean {
  const paths = errorPaths(ownMember(answer, 'errors'));
  return paths?.every((path) => isMarked(answer, ['data', ...path], records)) ?? false;
}

function isMarked(answer: unknown, path: Path, records: RecordsPlace): boolean {
  const isInRecord =
    path.length > records.length &&
    records.every((step, place) => (step === undefined ? typeof path[place] === 'number' : path[place] === step));
  if (!isInRecord) return false;
  let holder = answer;
  for (const [place, step] of path.entries()) {
    const value = memberOf(holder, step);
    const isEnd = place === path.length - 1;
    if (value instanceof ValueFault) return true;
    if (isEnd || value === null || value === undefined) return place >= records.length && isWritten(holder, step);
    holder = value;
  }
  return false;
}

function memberOf(holder: unknown, step: string | number): unknown {
  if (typeof step === 'number') return Array.isArray(holder) ? (holder as readonly unknown[])[step] : undefined;
  return isObject(holder) ? ownMember(holder, step) : undefined;
}

/** Writes the fault, if there is a place for it. */
function isWritten(holder: unknown, step: string | number): boolean {
  if (typeof step === 'number') {
    if (!Array.isArray(holder) || step < 0 || step >= holder.length) return false;
    holder[step] = GRAPHQL_ERROR;
    return true;
  }
  if (!isObject(holder) || step === '__proto__') return false;
  holder[step] = GRAPHQL_ERROR;
  return true;
}
