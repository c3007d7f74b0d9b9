import { callIdsOf } from '../audit/entries.js';
import type { FoundEntry } from '../audit/search/scan.js';
import type { StatedCall } from './findings.js';

/** What one entry states of the calls to a register. */
export interface StatedCalls extends StatedCall {
  readonly callIds: readonly string[];
  /** Calls of which it names no id: the mapping says `call_id: none`, or there were too many. */
  readonly unnamed: number;
}

/** Returns what an entry states of its calls to a register; undefined if it states none. The bytes decide, not the columns. */
export function statedCalls({ entry }: FoundEntry, register: string): StatedCalls | undefined {
  const { body, log, index } = entry;
  if (body.kind !== 'completion') return undefined;
  const used = body.registers.find((one) => one.register === register);
  // Versions before 3 name no calls, those before 4 no times.
  const { calls = 0, requestOutTs = null, responseInTs = null }: Partial<NonNullable<typeof used>> = used ?? {};
  if (calls === 0) return undefined;
  const callIds = callIdsOf(body.requestId, { ...used });
  const end = Date.parse(body.at);
  return {
    ...{ log, index, callIds },
    from: requestOutTs ?? end - body.durationMs,
    to: responseInTs ?? end,
    unnamed: Math.max(0, calls - callIds.length),
  };
}
