import { holdsPersonNumber } from '../person-number.js';

/** Longest address or cursor that is followed. */
const MAX_LENGTH = 4_000;

/** What an address of a next page is checked against. */
export interface NextAddressRules {
  /** Address of the page that named it: it may be relative to that one. */
  readonly from: URL;
  /** Base address of the register. */
  readonly base: string;
  /** Values that may not be in an address: those that the request carries in its body only. */
  readonly secret: readonly string[];
  /** Whether the register's owner consents to a person's number in an address. */
  readonly mayNamePerson: boolean;
}

/**
 * Returns the address of the next page, which the register chose. Returns undefined if it leaves the origin or the base
 * path, by any spelling of a path, or if it holds a value that the mapping keeps out of addresses, or anyone's number.
 */
export function nextAddress(
  address: unknown,
  { from, base, secret, mayNamePerson }: NextAddressRules,
): URL | undefined {
  if (typeof address !== 'string' || address.length > MAX_LENGTH || !URL.canParse(address, from)) return undefined;
  const url = new URL(address, from);
  const start = new URL(base);
  if (url.origin !== start.origin || url.username !== '' || url.password !== '') return undefined;
  const basePath = start.pathname.replace(/\/+$/, '');
  if (url.pathname !== basePath && !url.pathname.startsWith(`${basePath}/`)) return undefined;
  // A server that decodes a path before it resolves it would leave the base path.
  if (/%(?:25|2f|5c|00)|\/(?:\.|%2e){1,2}(?:\/|;|$)|\/\//i.test(url.pathname)) return undefined;
  url.hash = '';
  if (decoded(url.pathname) === undefined) return undefined;
  const written = url.pathname + url.search;
  const shown = `${written} ${decoded(written.replace(/\+/g, ' ')) ?? ''}`;
  if (!mayNamePerson && holdsPersonNumber(shown)) return undefined;
  return secret.some((value) => value !== '' && shown.includes(value)) ? undefined : url;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
