/** RFC 9396 authorization details of type `tereze_access`: what a token lets its holder ask for. */

export const DETAILS_TYPE = 'tereze_access';

const KNOWN_MEMBERS = new Set(['type', 'purpose', 'case', 'basis', 'categories', 'represented']);

/** Says what is wrong with one detail, or undefined when a client with these purposes may have it. */
export function refusalOf(detail: Readonly<Record<string, unknown>>, purposes: readonly string[]): string | undefined {
  if (Object.keys(detail).some((member) => !KNOWN_MEMBERS.has(member))) return 'an unknown member';
  if (typeof detail['purpose'] !== 'string' || !purposes.includes(detail['purpose']))
    return 'the purpose is not one of this client';
  if (detail['case'] !== undefined && !isCase(detail['case'])) return 'the case is not { agency, number }';
  return undefined;
}

function isCase(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { agency, number, ...rest } = value as Record<string, unknown>;
  return (
    typeof agency === 'string' &&
    typeof number === 'string' &&
    agency !== '' &&
    number !== '' &&
    Object.keys(rest).length === 0
  );
}
