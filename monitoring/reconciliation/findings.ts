import type { LineFault, LoggedCall } from './log-line.js';

/** Where an entry states a call, and between which times its calls to the register were made. */
export interface StatedCall {
  readonly log: string;
  readonly index: number;
  /**
   * When the first call to the register was sent and the last answer had arrived, in milliseconds of the epoch; where the
   * entry does not say, the begin and the end of the request.
   */
  readonly from: number;
  readonly to: number;
}

/** Why a call has no entry. */
export type NoEntry =
  /** No entry is of its request. */
  | 'no_entry'
  /** Entries are of its request, and none names the call: the process ended before it could. */
  | 'not_named'
  /** Its id is none of ours. */
  | 'id_of_other'
  | 'no_id';

/** Something in which the log of a register and the audit log differ. */
export type Finding =
  | { readonly kind: 'broken_line'; readonly line: number; readonly fault: LineFault }
  | {
      readonly kind: 'call_without_entry';
      readonly line: number;
      /** Null for an id that is none of ours: it may hold anything. */
      readonly callId: string | null;
      readonly why: NoEntry;
      readonly requestInTs: number | null;
    }
  | { readonly kind: 'call_repeated'; readonly callId: string; readonly lines: readonly number[] }
  | { readonly kind: 'entry_without_call'; readonly callId: string; readonly entries: readonly StatedCall[] }
  | {
      readonly kind: 'time_differs';
      readonly callId: string;
      readonly line: number;
      readonly entry: StatedCall;
      /** How far the call is outside the time of the entry: negative before it, positive after it. Milliseconds. */
      readonly byMs: number;
    };

/**
 * Returns how far a call is outside the time in which an entry says that its calls were made, beyond a tolerance; undefined
 * if it is not. Milliseconds.
 */
export function timeDifference(
  { requestInTs, responseOutTs }: Pick<LoggedCall, 'requestInTs' | 'responseOutTs'>,
  { from, to }: StatedCall,
  toleranceMs: number,
): number | undefined {
  const begin = requestInTs ?? responseOutTs;
  const end = responseOutTs ?? requestInTs;
  if (begin === null || end === null) return undefined;
  const early = begin - from;
  const late = end - to;
  if (early < -toleranceMs && -early >= late) return early;
  return late > toleranceMs ? late : undefined;
}
