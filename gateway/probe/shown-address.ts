/**
 * Returns how an address is shown: parts that stand in the mapping or in the settings as they are, and `{...}` for any
 * other, because it may be a value. So a person’s number, a key or a token is never shown, wherever the address has it.
 * `known`: what the mapping and the settings hold, as they were read from YAML.
 */
export function createShownAddress(known: readonly unknown[]): (url: URL) => string {
  const words = new Set(known.flatMap(wordsOf));
  const shown = (part: string): string => (part === '' || words.has(part) || words.has(decoded(part)) ? part : HIDDEN);
  return ({ protocol, host, pathname, search }) => {
    const path = pathname.split('/').map(shown).join('/');
    const parameters = search
      .slice(1)
      .split('&')
      .filter((parameter) => parameter !== '')
      .map((parameter) => {
        const [name = '', value] = parameter.split('=', 2);
        return value === undefined ? shown(name) : `${shown(name)}=${HIDDEN}`;
      });
    return `${protocol}//${host}${path === '/' ? '' : path}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
  };
}

const HIDDEN = '{...}';

/** Names of members and parts of texts, as they stand in an address between its separators. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, ...value.split(/[/?&=#]/)];
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...wordsOf(inner)]);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
