import type { ApiOperation } from './operations.js';

/** GET only reads (RFC 9110, section 9.2.1). POST may be a question that does not fit an address. */
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'POST']);

/** First words of the name or path of an operation that changes data. */
const CHANGING: ReadonlySet<string> = new Set(
  [
    'add apply approve assign cancel change clear close confirm create delete disable edit enable erase import insert',
    'lock merge modify move notify patch pay publish purge register reject remove rename replace reset restore revoke',
    'save send set sign start stop store submit subscribe unlink unlock unsubscribe update upload upsert write',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Returns why an operation cannot be connected, by its method and name. Undefined if it reads, or if nothing says that it
 * changes data: a POST that a steward chooses is taken for a question. `reading`: those of which the steward says that
 * they only read.
 */
export function refusalOf(operation: ApiOperation, reading: ReadonlySet<string>): string | undefined {
  const { method, name, aliases, path, responses } = operation;
  if (method === 'PUT' || method === 'PATCH' || method === 'DELETE') return `${method} changes data: Tereze only reads`;
  if (!READING_METHODS.has(method)) return `${method} returns no record`;
  if (method === 'GET' || [name, ...aliases].some((one) => reading.has(one))) return undefined;
  // Without an operationId its name is its method and path.
  const names = aliases.includes(name) ? [] : [name];
  const segment = path.split('/').findLast((one) => one !== '' && !one.startsWith('{')) ?? '';
  const verb = [...names, segment].map(firstWord).find((word) => CHANGING.has(word));
  if (verb !== undefined)
    return `POST changes data, by its name ("${verb}"): Tereze only reads. If it only reads, say so with --reads`;
  const isCreating =
    responses.some(({ status }) => status === '201') && !responses.some(({ status }) => status === '200');
  return isCreating ? 'POST changes data: it answers 201 Created. Tereze only reads' : undefined;
}

/** The first word of a name in camel case, or with signs between words. */
function firstWord(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^\p{L}\p{N}]+/u);
  return words.find((word) => word !== '')?.toLowerCase() ?? '';
}
