import { z } from 'zod';
import { nearestKey } from '../../schemas/nearest-key.js';
import { pathInRecord as path } from '../mapping/path.js';
import { limitsByName } from './request/limits.js';
import { placeholdersIn } from './request/placeholders.js';
import { requestSource } from './request/request-source.js';

const code = z.union([z.string(), z.number(), z.boolean()]);

/** A condition on an answer or an item: what is at a path is one of these codes. */
const codeAt = z.strictObject({ at: path, is: z.array(code).min(1) });

const notFound = z
  .strictObject({
    status: z
      .array(z.int().min(200).max(499))
      .min(1)
      .optional()
      .describe('Statuses that say that no one has the key, with any body or none: `[404, 410, 204]`.'),
    content: z
      .enum(['empty', 'json'])
      .optional()
      .describe(
        'What comes with these statuses: nothing, or JSON. Anything else, such as the page of another server, is a failure.',
      ),
    code: codeAt
      .optional()
      .describe('What the body must say. With `status`, both must hold. Any other code is a failure.'),
    body: z
      .array(z.union([z.null().transform(() => 'null' as const), z.enum(['null', 'empty', 'empty_list'])]))
      .default([])
      .describe('Bodies of a 200 that say it: `null` at `record`, no body (`empty`), or `empty_list`.'),
  })
  .refine(({ status, content }) => status !== undefined || content === undefined, {
    error: 'says the content of no status: write `status`',
    path: ['content'],
  })
  .describe('How the register says that it has no such record. Any other spelling is a failure.');

/** What an answer looks like. */
const answer = z.strictObject({
  record: path
    .optional()
    .describe('Where the record is. With `items`: where it is in an item. Without it: the answer itself.'),
  items: path.optional().describe('Where the list of records is. `[]` is an answer that is a list.'),
  one_or_many: z
    .literal(true)
    .optional()
    .describe('A list of one comes as the item itself, and an empty list as null or not at all.'),
  not_found: notFound.optional(),
});

const absent = z
  .union([z.null().transform(() => 'null' as const), z.enum(['null', 'omitted']), codeAt])
  .describe(
    'How an item says that there is no record for its key: it is null, it is left out, or it has one of these codes. The default for `ordered` is null, for the others `omitted`.',
  );

const nameTemplate = z
  .string()
  .refine((text) => placeholdersIn(text).length > 0 && placeholdersIn(text).every(({ isList }) => !isList), {
    error: 'must say the fields of the key: `{iin}:{year}`',
  })
  .describe('With `by_key` and a key of several fields: the name of an item, `{iin}:{year}`.');

const batch = z.union([
  z
    .strictObject({
      answer: z.literal('none'),
      parallel: z.int().min(1).max(64).default(4).describe('Single reads at once.'),
    })
    .describe('The register answers one key at a time.'),
  z.strictObject({
    max: z.int().min(1).max(10_000).default(100).describe('Greatest number of keys in one request.'),
    answer: z
      .enum(['ordered', 'unordered', 'by_key'])
      .describe('One item for each key in their order; items in any order; or an object whose names are the keys.'),
    name: nameTemplate.optional(),
    key: z
      .union([path, z.record(z.string(), path)])
      .optional()
      .describe('Where the key is in an item; of a composite key, where each field is. Without it: as `types` map it.'),
    absent: absent.optional(),
    item_error: z
      .strictObject({ at: path, is: z.array(code).min(1).optional() })
      .optional()
      .describe('An item that has this, with one of these codes if there are any, failed; the others are valid.'),
  }),
]);

const max = z.int().min(1).max(10_000).default(100).describe('Greatest number of pages. A longer list is a failure.');

const page = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('number'),
    first: z.int().min(0).default(1).describe('Number of the first page.'),
    size: z.int().min(1).describe('Greatest number of items in a page.'),
    total: path.optional().describe('Where the number of all items is.'),
    pages: path.optional().describe('Where the number of all pages is.'),
    max,
  }),
  z.strictObject({
    by: z.literal('offset'),
    size: z.int().min(1).describe('Greatest number of items in a page.'),
    total: path.optional().describe('Where the number of all items is.'),
    max,
  }),
  z.strictObject({
    by: z.literal('cursor'),
    next: path.describe('Where the cursor of the next page is; null or absent after the last page.'),
    size: z.int().min(1).optional().describe('Greatest number of items in a page.'),
    max,
  }),
  z
    .strictObject({
      by: z.literal('address'),
      next: path.describe('Where the address of the next page is; null, empty or absent after the last page.'),
      max,
    })
    .describe('The address must be of the same origin and below the base path.'),
  z.strictObject({ by: z.literal('link'), max }).describe('The header `Link` with rel=next (RFC 8288).'),
]);

/** The owner's permission that a person's identifier is part of an address. */
export const addressAgreement = z
  .strictObject({
    owner: z.string().min(1).describe('Who owns the register.'),
    agreement: z.string().min(1).describe('Number of the agreement.'),
    until: z.iso.date().describe('Its last day. After it the operation is not called.'),
  })
  .describe(
    'Consent of the register’s owner to a person’s identifier in the path, the query or a header. Servers and proxies write addresses to their logs.',
  );

const select = z
  .strictObject({
    separator: z
      .string()
      .regex(/^[^A-Za-z0-9,\s]{1,4}$/, 'must be signs that no name has: no letter, digit, comma or space')
      .describe('What stands between the names of a path: `.` for `name.first`.'),
  })
  .describe(
    'How {select} says what is wanted of a record: by the whole path of each value. Without it by the members of the record, which then come whole.',
  );

/** One way to ask the register. */
export const operationSource = z
  .strictObject({
    request: requestSource,
    identifier_in_address: addressAgreement.optional(),
    answer: answer.prefault({}),
    batch: batch.optional(),
    page: page.optional(),
    select: select.optional(),
    values: limitsByName.optional(),
  })
  .superRefine((operation, context) => {
    for (const message of contradictionsOf(operation)) context.addIssue({ code: 'custom', message });
  });

export type OperationSource = z.output<typeof operationSource>;
export type BatchSource = NonNullable<OperationSource['batch']>;
export type ManySource = Exclude<BatchSource, { readonly answer: 'none' }>;
export type AddressAgreement = z.output<typeof addressAgreement>;
export type PageSource = NonNullable<OperationSource['page']>;

/** Placeholders by which the pages of a list are asked. */
const PAGE_PLACEHOLDER = { number: 'page.number', offset: 'page.offset', cursor: 'page.cursor' } as const;

function contradictionsOf(operation: OperationSource): readonly string[] {
  return [
    ...pageContradictions(operation),
    ...batchContradictions(operation),
    ...selectContradictions(operation),
    ...valueContradictions(operation),
  ];
}

function pageContradictions({ request, answer: { items }, page: pages }: OperationSource): readonly string[] {
  const problems: string[] = [];
  const names = new Set(placeholdersIn(textOf(request)).map(({ name }) => name));
  if (pages !== undefined && items === undefined) problems.push('has pages, but no `answer.items`');
  if (pages !== undefined && pages.by in PAGE_PLACEHOLDER) {
    const needed = PAGE_PLACEHOLDER[pages.by as keyof typeof PAGE_PLACEHOLDER];
    if (!names.has(needed)) problems.push(`has pages by ${pages.by}, but its request says {${needed}} nowhere`);
  }
  for (const name of names)
    if (name.startsWith('page.') && !sendsPage(name, pages))
      problems.push(`asks {${name}}, which its pages do not have`);
  return problems;
}

function selectContradictions({ request, select: how }: OperationSource): readonly string[] {
  if (how === undefined || placeholdersIn(textOf(request)).some(({ name }) => name === 'select')) return [];
  return ['says how a selection is written, but its request says {select} or {select[]} nowhere'];
}

function valueContradictions({ request, values = {} }: OperationSource): readonly string[] {
  const names = [...new Set(placeholdersIn(textOf(request)).map(({ name }) => name))];
  return Object.keys(values)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const nearest = nearestKey(name, names);
      const hint = nearest === undefined ? 'remove it' : `did you mean ${nearest}?`;
      return `has \`values.${name}\`, but its request says {${name}} nowhere: ${hint}`;
    });
}

function batchContradictions({
  answer: { items, record },
  batch: many,
  page: pages,
}: OperationSource): readonly string[] {
  if (many === undefined || many.answer === 'none') return [];
  const { answer: order, absent: missing, key, name } = many;
  return [
    items === undefined && 'answers many keys, but has no `answer.items`',
    order === 'ordered' && missing === 'omitted' && 'answers in order without absent records: the order would be lost',
    order === 'ordered' && pages !== undefined && 'answers in order and in pages: write `answer: unordered`',
    name !== undefined && order !== 'by_key' && 'has a `batch.name`, which is for `answer: by_key`',
    order === 'by_key' && pages !== undefined && 'answers by key and in pages',
    order === 'unordered' &&
      record !== undefined &&
      key === undefined &&
      'has records inside of items: say with `batch.key` where the key is in an item',
  ].filter((problem) => problem !== false);
}

function sendsPage(name: string, pages: PageSource | undefined): boolean {
  if (pages === undefined) return false;
  if (name === 'page.size') return 'size' in pages && pages.size !== undefined;
  return pages.by in PAGE_PLACEHOLDER && PAGE_PLACEHOLDER[pages.by as keyof typeof PAGE_PLACEHOLDER] === name;
}

function textOf(request: unknown): string {
  if (typeof request === 'string') return request;
  if (typeof request !== 'object' || request === null) return '';
  return Object.values(request).map(textOf).join(' ');
}
