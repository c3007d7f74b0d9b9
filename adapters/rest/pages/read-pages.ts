import { Numeral } from '../../../schemas/numeral.js';
import type { JsonReply } from '../../http/post-json.js';
import { pointer } from '../../json-pointer.js';
import { stepsOf } from '../../mapping/path.js';
import { RegisterFailure } from '../../port.js';
import { walk } from '../answer/walk.js';
import { fill, send, type AskOptions, type Question } from '../ask-operation.js';
import type { PageSource } from '../operation-source.js';
import type { FilledRequest } from '../request/compile-request.js';
import type { RequestValues } from '../request/values.js';
import type { RestCall } from '../rest-client.js';
import { nextLink } from './link-header.js';
import { nextAddress } from './next-address.js';

/** Longest cursor that is sent. */
const MAX_CURSOR_LENGTH = 1_000;

/** How the next page is asked, or that there is none. `mark` is the same for the same page. */
type Next =
  | { readonly kind: 'values'; readonly values: RequestValues; readonly mark: string }
  | { readonly kind: 'address'; readonly url: URL; readonly mark: string }
  | undefined;

/** What the pages have brought so far. */
interface Progress {
  /** Pages read. */
  readonly pages: number;
  /** Items read, and of them those of the last page. */
  readonly items: number;
  readonly last: number;
  readonly from: URL;
}

/**
 * Reads a list to its last page, one page after the other, within the deadline of the call. Returns null if the first
 * answer says that there is no such list. The list is whole, or the read fails: `page_limit` for a page that comes again,
 * that is larger than agreed, for a list of another length than its own count, and for one that does not end; `page_address` for a next
 * page that may not be asked.
 */
export async function readPages(
  question: Question,
  call: RestCall,
  options: AskOptions,
): Promise<readonly unknown[] | null> {
  const { operation } = question;
  const page = operation.page;
  if (page === undefined) throw new TypeError(`operation ${operation.name} has no pages`);
  const fail = (): RegisterFailure => new RegisterFailure(options.register, 'page_limit');
  const filled = (values: RequestValues): FilledRequest =>
    fill({ ...question, values: { ...question.values, ...values } }, call, options);
  const seen = new Set<string>();
  const all: unknown[] = [];
  let before: readonly unknown[] = [];
  let request = filled(firstPage(page));
  for (let pages = 1; pages <= page.max; pages += 1) {
    const reply = await send(request, question, call, options);
    const read = itemsIn(reply, question, options.register);
    if (read === null && pages === 1) return null;
    const items = read ?? [];
    if (isTooLarge(items, page) || isRepeated(items, before, page)) throw fail();
    before = items;
    all.push(...items);
    const progress = { pages, items: all.length, last: items.length, from: request.url };
    const next = read === null ? undefined : nextPage(reply, progress, { question, page, options });
    if (next === undefined && !isCounted(reply, page, all.length)) throw fail();
    if (next === undefined) return all;
    if (seen.has(next.mark)) break;
    seen.add(next.mark);
    request = next.kind === 'address' ? { ...request, url: next.url } : filled(next.values);
  }
  throw fail();
}

function isTooLarge(items: readonly unknown[], page: PageSource): boolean {
  return 'size' in page && page.size !== undefined && items.length > page.size;
}

function itemsIn(reply: JsonReply, { operation }: Question, register: string): readonly unknown[] | null {
  const items = operation.answer.items(reply);
  if (items === null || Array.isArray(items)) return items;
  if (operation.isOneOrMany) return [items];
  throw new RegisterFailure(register, 'not_a_list', { at: pointer(operation.itemsAt ?? []) });
}

function firstPage(page: PageSource): RequestValues {
  const size = 'size' in page ? { 'page.size': page.size } : {};
  return { ...size, 'page.number': page.by === 'number' ? page.first : undefined, 'page.offset': 0 };
}

interface NextOptions {
  readonly question: Question;
  readonly page: PageSource;
  readonly options: AskOptions;
}

function nextPage(reply: JsonReply, progress: Progress, given: NextOptions): Next {
  const { page } = given;
  switch (page.by) {
    case 'number': {
      const number = page.first + progress.pages;
      const isLast = isEnd(reply, page, progress) || progress.pages >= (countAt(reply, page.pages) ?? Infinity);
      if (isLast) return undefined;
      return { kind: 'values', values: { ...firstPage(page), 'page.number': number }, mark: String(number) };
    }
    case 'offset': {
      if (isEnd(reply, page, progress)) return undefined;
      const offset = progress.items;
      return { kind: 'values', values: { ...firstPage(page), 'page.offset': offset }, mark: String(offset) };
    }
    case 'cursor':
      return nextByCursor(reply, page, given);
    case 'address': {
      const written = writtenNext(reply, page.next);
      return written === undefined ? undefined : byAddress(written, progress, given);
    }
    case 'link': {
      const link = nextLink(reply.headers?.['link']);
      if (link.kind === 'unreadable') throw new RegisterFailure(given.options.register, 'page_address');
      return link.kind === 'next' ? byAddress(link.address, progress, given) : undefined;
    }
  }
}

/** Whether a page counted by number or offset is the last one: by the count of all items, or because it is not full. */
function isEnd(
  reply: JsonReply,
  page: Extract<PageSource, { readonly by: 'number' | 'offset' }>,
  { items, last }: Progress,
): boolean {
  if (last === 0) return true;
  const total = countAt(reply, page.total);
  if (total !== undefined) return items >= total;
  return !('pages' in page && page.pages !== undefined) && last < page.size;
}

/** Whether a list has as many items as the register counts, if it counts them. */
function isCounted(reply: JsonReply, page: PageSource, items: number): boolean {
  if (page.by !== 'number' && page.by !== 'offset') return true;
  return items === (countAt(reply, page.total) ?? items);
}

/**
 * Whether a full page is the one before again: the register does not know the parameter of the page. A page of one item
 * may be equal to the one before.
 */
function isRepeated(items: readonly unknown[], before: readonly unknown[], page: PageSource): boolean {
  if (page.by !== 'number' && page.by !== 'offset') return false;
  if (items.length < 2 || items.length !== before.length) return false;
  return JSON.stringify(items) === JSON.stringify(before);
}

function countAt(reply: JsonReply, written: string | readonly (string | number)[] | undefined): number | undefined {
  if (written === undefined) return undefined;
  const walked = walk(reply.body, typeof written === 'string' ? [written] : written);
  return walked.kind === 'value' && Number.isSafeInteger(walked.value) ? (walked.value as number) : undefined;
}

function nextByCursor(
  reply: JsonReply,
  page: Extract<PageSource, { readonly by: 'cursor' }>,
  { options }: NextOptions,
): Next {
  const walked = walk(reply.body, stepsOf(page.next));
  if (walked.kind !== 'value') return undefined;
  const written = walked.value;
  const isCursor = typeof written === 'string' || typeof written === 'number' || written instanceof Numeral;
  const mark = String(written);
  if (!isCursor || mark === '' || mark.length > MAX_CURSOR_LENGTH)
    throw new RegisterFailure(options.register, 'page_address', { at: pointer(stepsOf(page.next)) });
  return { kind: 'values', values: { ...firstPage(page), 'page.cursor': written }, mark };
}

/** Null, an empty text and nothing at all are the end. */
function writtenNext(reply: JsonReply, written: Extract<PageSource, { readonly next: unknown }>['next']): unknown {
  const walked = walk(reply.body, stepsOf(written));
  return walked.kind === 'value' && walked.value !== '' ? walked.value : undefined;
}

function byAddress(written: unknown, { from }: Progress, { question, options }: NextOptions): Next {
  const url = nextAddress(written, {
    from,
    base: options.url,
    secret: keptOutOfAddresses(question),
    mayNamePerson: question.operation.agreement !== undefined,
  });
  if (url === undefined) throw new RegisterFailure(options.register, 'page_address');
  return { kind: 'address', url, mark: url.href };
}

/** Shorter texts, such as codes, are in many addresses and identify no one. */
const LEAST_IDENTIFIER = 6;

/** Values that the request carries in its body only: a register may not move them into an address. */
function keptOutOfAddresses({ operation, values }: Question): readonly string[] {
  const { inAddress, placeholders } = operation.request;
  const kept = placeholders.filter(({ name }) => !inAddress.includes(name) && name !== 'select');
  return kept.flatMap(({ name }) => {
    const value = values[name];
    return [value].flat().filter((one): one is string => typeof one === 'string' && one.length >= LEAST_IDENTIFIER);
  });
}
