import type { WsdlOperation } from './operations.js';

/** First words of operations that change data. */
const CHANGING: ReadonlySet<string> = new Set([
  ...['add', 'cancel', 'change', 'create', 'delete', 'edit', 'erase', 'import', 'insert', 'merge', 'modify', 'move'],
  ...['pay', 'publish', 'purge', 'put', 'register', 'remove', 'rename', 'replace', 'reset', 'revoke', 'save', 'set'],
  ...['store', 'submit', 'subscribe', 'unsubscribe', 'update', 'upload', 'upsert', 'write'],
]);

/**
 * Returns why an operation cannot be connected: by its binding, or by its name, because a WSDL does not say which
 * operations only read. `reading`: those of which the steward says so. Undefined if nothing says that it changes data or
 * has attachments.
 */
export function refusalOf({ name, refused }: WsdlOperation, reading: ReadonlySet<string>): string | undefined {
  if (refused !== undefined) return refused;
  const words = wordsOf(name);
  if (words.some((word) => word === 'attachment' || word === 'attachments'))
    return 'its message has attachments, by its name, which are not read';
  const [verb = ''] = words;
  return CHANGING.has(verb) && !reading.has(name)
    ? `it changes data, by its name ("${verb}"): Tereze only reads. If it only reads, say so with --reads`
    : undefined;
}

/** The words of a name in camel case, or with signs between words. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}
