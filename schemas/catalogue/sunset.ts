/** `Sunset 2027-06-30`, anywhere in the reason of a `@deprecated`. */
const SUNSET = /\bsunset[ :]+(\d{4}-\d{2}-\d{2})\b/i;

/** The civil date after which a deprecated field may be gone, as its `@deprecated(reason:)` says (the idea of RFC 8594); undefined when it says none that exists. */
export function sunsetOf(reason: string | undefined): string | undefined {
  const date = SUNSET.exec(reason ?? '')?.[1];
  if (date === undefined) return undefined;
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date) ? date : undefined;
}
