/** `Sunset 2027-06-30`, anywhere in the reason of a `@deprecated`. */
const SUNSET = /\bsunset[ :]+(\d{4}-\d{2}-\d{2})\b/i;

/** Returns the civil date after which a deprecated field may be removed, from its `@deprecated(reason:)` (after RFC 8594). Undefined without an existing date. */
export function sunsetOf(reason: string | undefined): string | undefined {
  const date = SUNSET.exec(reason ?? '')?.[1];
  if (date === undefined) return undefined;
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) ? date : undefined;
}
