import { isCivilDate } from '../time/civil-date.js';

/** `Sunset 2027-06-30`, anywhere in the reason of a `@deprecated`. */
const SUNSET = /\bsunset[ :]+(\d{4}-\d{2}-\d{2})\b/i;

/** Returns the civil date after which a deprecated field may be removed, from its `@deprecated(reason:)` (after RFC 8594). Undefined without an existing date. */
export function sunsetOf(reason: string | undefined): string | undefined {
  const date = SUNSET.exec(reason ?? '')?.[1];
  return date !== undefined && isCivilDate(date) ? date : undefined;
}
