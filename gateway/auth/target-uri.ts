/**
 * The URI that a DPoP proof is made for, in one form (RFC 9449, section 4.3; RFC 3986, sections
 * 6.2.2 and 6.2.3): scheme and host in lower case, no default port, no dot segments, percent codes
 * in upper case and only where needed, without query and fragment.
 */
export function targetUri(text: string): string | undefined {
  if (text.length > 2_048 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  return `${url.origin}${normalisedPath(url.pathname)}`;
}

function normalisedPath(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (code: string, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : code.toUpperCase();
  });
}
