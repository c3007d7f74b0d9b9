/** X-Road identifiers: parts in UTF-8, each percent-encoded, joined by `/` (PR-REST section 4.2). */

export function encodeIdentifier(parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

/**
 * Whether a header names exactly these parts. They are compared decoded, because implementations escape different
 * characters.
 */
export function namesIdentifier(header: string | undefined, parts: readonly string[]): boolean {
  const named = header?.split('/') ?? [];
  return named.length === parts.length && named.every((part, position) => decoded(part) === parts[position]);
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
