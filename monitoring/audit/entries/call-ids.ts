import { listOf, textsOf, type Loose } from '../loose-body.js';
import type { EntryRegister } from './completion.js';

/** The number of the last call of a request that its entry lists by its whole id. */
const LAST_WHOLE = 100;

/**
 * Returns how an entry lists the ids of calls, each `<requestId>-<number>`: those up to number 100 whole, of the others
 * the number. So an entry has room for the ids of as many calls as a request may send.
 */
export function entryCallIds(ids: readonly string[]): Pick<EntryRegister, 'callIds' | 'moreCalls'> {
  const callIds = ids.filter((id) => numberOf(id) <= LAST_WHOLE);
  const moreCalls = ids.map(numberOf).filter((number) => number > LAST_WHOLE);
  return { callIds, ...(moreCalls.length === 0 ? {} : { moreCalls }) };
}

/**
 * Returns the ids that the calls of a register carried, from an item of `registers` of an entry of any version. What is
 * no id is left out.
 */
export function callIdsOf(requestId: string, used: Loose): readonly string[] {
  const more = listOf(used['moreCalls']).filter((number) => Number.isSafeInteger(number));
  return [...textsOf(used['callIds']), ...more.map((number) => `${requestId}-${String(number)}`)];
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}
