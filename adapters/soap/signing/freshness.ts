import { instantMs } from '../../../schemas/time/instant.js';
import { SignatureRefused } from './port.js';

/** Greatest age of a message, and greatest difference of clocks, unless a setting says another age. */
export const MAX_AGE_MS = 5 * 60_000;
/** Difference of clocks that an end of a Timestamp is given. */
const SKEW_MS = 60_000;

export interface MessageTimes {
  /** As xs:dateTime writes them, with a zone. Undefined where the message has none. */
  readonly created: string | undefined;
  readonly expires?: string | undefined;
}

/**
 * Returns until when a message of these times may be taken, in milliseconds since the epoch. Throws
 * {@link SignatureRefused} `timestamp_missing` if it does not say when it was made, or says it without a zone, and
 * `timestamp_stale` if it is older than `maxAgeMs`, further ahead than that, or past its own end. `Expires` is optional
 * (WS-Security 1.1.1, section 10).
 */
export function freshUntil({ created, expires }: MessageTimes, now: Date, maxAgeMs = MAX_AGE_MS): number {
  const from = momentOf(created);
  if (from === undefined) throw new SignatureRefused('timestamp_missing');
  const end = expires === undefined ? Infinity : momentOf(expires);
  if (end === undefined) throw new SignatureRefused('timestamp_missing');
  const until = Math.min(from + maxAgeMs, end + SKEW_MS);
  const at = now.getTime();
  if (end <= from || at > until || from > at + maxAgeMs) throw new SignatureRefused('timestamp_stale');
  return until;
}

/**
 * Some stacks write more digits of a second than anyone reads. V8 keeps the text of the last match, and with a part of a
 * message the whole of it: a copy is matched.
 */
function momentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const copy = Buffer.from(text, 'utf8').toString('utf8');
  return instantMs(copy.trim().replace(/(\.\d{9})\d+/, '$1'));
}
