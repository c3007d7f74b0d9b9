import type { OnBehalfOf, RepresentedParty } from '../port.js';
import { encodeIdentifier } from './identifiers.js';

/** Prefix of `X-Road-UserId`: the country of the officer's id (ISO 3166-1). */
const COUNTRY = 'KZ';

/**
 * Returns the X-Road headers of one request (PR-REST, section 4.3). The protocol has no encoding for user and issue. They
 * are percent-encoded, so that nothing in them can end a header.
 */
export function requestHeaders(
  client: readonly string[],
  id: string,
  onBehalfOf: OnBehalfOf | undefined,
): Readonly<Record<string, string>> {
  const { officer, case: matter, represented } = onBehalfOf ?? {};
  const headers: Record<string, string> = { 'X-Road-Client': encodeIdentifier(client), 'X-Road-Id': id };
  if (officer !== undefined) headers['X-Road-UserId'] = `${COUNTRY}${encodeURIComponent(officer)}`;
  if (matter !== undefined) headers['X-Road-Issue'] = encodeURIComponent(matter.number);
  if (represented !== undefined) headers['X-Road-Represented-Party'] = encodeIdentifier(partsOf(represented));
  return headers;
}

function partsOf({ memberClass, memberCode }: RepresentedParty): readonly string[] {
  return memberClass === undefined ? [memberCode] : [memberClass, memberCode];
}
