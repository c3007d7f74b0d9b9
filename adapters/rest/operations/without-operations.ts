import { keyFieldsOf } from '../../mapping/mapped-field.js';
import type { RestList } from '../list-source.js';
import type { RestSource } from '../source.js';
import { operationSource, type OperationSource } from '../operation-source.js';

/** The parts of a `source.yaml` that say what `operations` would say. */
type WithoutOperations = Pick<RestSource, 'read' | 'batch' | 'select' | 'lists' | 'types'>;

/** What `operations` would be, and who uses which of them. */
export interface StatedOperations {
  readonly operations: Readonly<Record<string, OperationSource>>;
  /** The operations that read the records of a type, by the name of the type. */
  readonly ofType: Readonly<Record<string, { readonly read?: string; readonly batch?: string }>>;
  /** The operation of each list of a type: names `list` and `type`. */
  readonly listOf: (list: string, type: string) => string;
}

/** The answer by which such a register says that it does not have a record. Any other 404 is a wrong address. */
const NOT_FOUND = { status: [404], code: { at: ['error', 'code'], is: ['NOT_FOUND'] } };

/**
 * Returns the operations of a `source.yaml` without `operations`: requests are posted with the key in a JSON body, batches
 * answer in order, lists come in pages with a cursor.
 */
export function statedOperations({ read, batch, select, lists, types }: WithoutOperations): StatedOperations {
  if (read === undefined || batch === undefined) throw new TypeError('the source has operations');
  const operations: Record<string, OperationSource> = {};
  const ofType: Record<string, { read?: string; batch: string }> = {};
  const keyed = Object.entries(types).flatMap(([type, mapped]) => {
    const [key, ...others] = keyFieldsOf(mapped);
    return key === undefined || others.length > 0 ? [] : [{ type, key }];
  });
  // Mostly all types have the same key, and the operations their plain names.
  const isOneKey = new Set(keyed.map(({ key }) => key)).size === 1;
  const named = (name: string, key: string): string => (isOneKey ? name : `${name}-${key}`);
  const wanted = select === undefined ? {} : { [select]: '{select[]}' };
  for (const { type, key } of keyed) {
    const [single, many] = [named('read', key), named('batch', key)];
    if (read.path !== undefined)
      operations[single] = operationSource.parse({
        request: { method: 'POST', path: read.path, body: { [read.key]: `{${key}}`, ...wanted } },
        answer: { not_found: NOT_FOUND },
      });
    operations[many] = operationSource.parse({
      request: { method: 'POST', path: batch.path, body: { [batch.keys]: `{${key}[]}`, ...wanted } },
      batch: { max: batch.max, answer: 'ordered', key: [read.key], absent: 'null' },
      answer: { items: [batch.items] },
    });
    for (const [name, list] of Object.entries(lists))
      operations[named(`list-${name}`, key)] = listOperation(list, membersSentFor(name, types), key);
    ofType[type] = read.path === undefined ? { batch: many } : { read: single, batch: many };
  }
  const keyOf = new Map(keyed.map(({ type, key }) => [type, key]));
  return { operations, ofType, listOf: (list, type) => named(`list-${list}`, keyOf.get(type) ?? '') };
}

/** Name of the placeholder for a member that an argument of the field is sent as. */
export function memberPlaceholder(member: string): string {
  return `argument_${member}`;
}

/** Members of the request that the arguments of any field with this list are sent as. */
function membersSentFor(list: string, types: WithoutOperations['types']): readonly string[] {
  const fields = Object.values(types).flatMap((type) => Object.values(type.fields));
  const sent = fields.flatMap((field) =>
    typeof field === 'object' && 'list' in field && field.list === list
      ? Object.values(field.arguments).map(({ member }) => member)
      : [],
  );
  return [...new Set(sent)];
}

function listOperation(
  { path, keys, max_keys: max, owner, items, page }: RestList,
  members: readonly string[],
  key: string,
): OperationSource {
  return operationSource.parse({
    request: {
      method: 'POST',
      path,
      body: {
        [keys]: `{${key}[]}`,
        ...Object.fromEntries(members.map((member) => [member, `{${memberPlaceholder(member)}}`])),
        [page.size]: '{page.size}',
        [page.cursor]: '{page.cursor}',
      },
    },
    batch: { max, answer: 'unordered', key: [owner], absent: 'omitted' },
    answer: { items: [items] },
    page: { by: 'cursor', next: [page.next], size: page.items, max: page.max },
  });
}
