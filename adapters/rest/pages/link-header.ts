/** One link: its address in angle brackets, then its parameters (RFC 8288, section 3). */
const LINK = /^\s*<([^>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)\s*(?:,|$)/;
const PARAMETER = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;

/** What a header `Link` says of the next page. */
export type NextLink = { readonly kind: 'next'; readonly address: string } | { readonly kind: 'none' | 'unreadable' };

/**
 * Returns the address of the first link of the relation `next` (RFC 8288). The relation may be one of several, in any
 * case; only the first `rel` of a link counts. A link about another context (`anchor`) is passed over.
 */
export function nextLink(header: string | readonly string[] | undefined): NextLink {
  let rest = (typeof header === 'string' ? header : (header ?? []).join(',')).trim();
  while (rest !== '') {
    const link = LINK.exec(rest);
    if (link === null) return { kind: 'unreadable' };
    const [whole, address = '', parameters = ''] = link;
    rest = rest.slice(whole.length).trim();
    const found = new Map<string, string>();
    for (const [, name = '', quoted, token] of parameters.matchAll(PARAMETER)) {
      const value = quoted?.replace(/\\(.)/g, '$1') ?? token ?? '';
      if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
    }
    const relations = (found.get('rel') ?? '').toLowerCase().split(/\s+/);
    if (relations.includes('next') && !found.has('anchor')) return { kind: 'next', address };
  }
  return { kind: 'none' };
}
