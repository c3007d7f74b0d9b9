import type { ApiOperation } from './operations.js';

/** Methods that only read (RFC 9110, section 9.2.1), and that of questions that do not fit an address. */
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'POST']);

/** First words of an operation or path that changes data. */
const CHANGING: ReadonlySet<string> = new Set([
  ...[
    'add',
    'apply',
    'approve',
    'assign',
    'cancel',
    'change',
    'clear',
    'close',
    'confirm',
    'create',
    'delete',
    'disable',
  ],
  ...[
    'edit',
    'enable',
    'erase',
    'import',
    'insert',
    'link',
    'lock',
    'merge',
    'modify',
    'move',
    'new',
    'notify',
    'patch',
  ],
  ...[
    'pay',
    'post',
    'publish',
    'purge',
    'put',
    'register',
    'reject',
    'remove',
    'rename',
    'replace',
    'reset',
    'restore',
  ],
  ...['revoke', 'save', 'send', 'set', 'sign', 'start', 'stop', 'store', 'submit', 'subscribe', 'unlink', 'unlock'],
  ...['unsubscribe', 'update', 'upload', 'upsert', 'write'],
]);

/**
 * Returns why an operation cannot be connected, by its method and name. Undefined if it reads, or if nothing says that it
 * changes data: a POST that a steward chooses is taken for a question.
 */
export function refusalOf({ method, name, path, responses }: ApiOperation): string | undefined {
  if (method === 'PUT' || method === 'PATCH' || method === 'DELETE') return `${method} changes data: Tereze only reads`;
  if (!READING_METHODS.has(method)) return `${method} returns no record`;
  if (method === 'GET') return undefined;
  const verb = [
    firstWord(name),
    firstWord(
      path
        .split('/')
        .filter((one) => one !== '' && !one.startsWith('{'))
        .at(-1) ?? '',
    ),
  ].find((word) => CHANGING.has(word));
  if (verb !== undefined) return `POST changes data, by its name ("${verb}"): Tereze only reads`;
  const isCreating =
    responses.some(({ status }) => status === '201') && !responses.some(({ status }) => status === '200');
  return isCreating ? 'POST changes data: it answers 201 Created. Tereze only reads' : undefined;
}

/** The first word of a name in camel case, or with signs between words. */
function firstWord(name: string): string {
  return (
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .split(/[^\p{L}\p{N}]+/u)
      .find((word) => word !== '')
      ?.toLowerCase() ?? ''
  );
}
