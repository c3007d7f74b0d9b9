import type { Said, YamlObject, YamlValue } from '../description.js';
import type { Payload } from './envelope.js';
import type { ApiOperation, ApiParameter, ApiResponse } from './operations.js';
import { pagingRoleOf, type PagingRole } from './parameters.js';

/** Items of a page that are asked for, where the document states no greatest number. */
const PAGE_SIZE = 100;

/** How the pages of a list are read. */
export interface Paging {
  /** `page` of `source.yaml`. Undefined if the list comes whole. */
  readonly asked: YamlObject | undefined;
  /** What is sent for the parameters that ask for a page, by name. */
  readonly parameters: ReadonlyMap<string, YamlValue>;
  readonly said: readonly Said[];
}

/** Finds out how a list comes in pages: by number, offset, cursor, an address in the body, or the header `Link`. */
export function pagingOf(operation: ApiOperation, response: ApiResponse, payload: Payload): Paging {
  if (payload.shape.kind !== 'list') return WHOLE;
  const asking = askingParameters(operation);
  const paths = pathsAround(payload);
  const total = paths(TOTALS);
  const pages = paths(['totalpages', 'pagecount', 'lastpage']);
  return (
    byNumber(asking, { total, pages, payload }) ??
    byOffset(asking, total) ??
    byCursor(asking, paths(CURSORS)) ??
    byAddress(response, payload) ??
    unaskable(operation, pages ?? paths(['totalelements', 'hasnext', 'hasmore']))
  );
}

const WHOLE: Paging = { asked: undefined, parameters: new Map(), said: [] };

/** Names of what is around a list, in small letters without signs, the surest first. */
const TOTALS = ['totalelements', 'total', 'totalcount', 'totalresults', 'totalitems', 'totalrecords', 'count'];
const CURSORS = ['nextcursor', 'cursor', 'nextpagetoken', 'nexttoken', 'continuationtoken', 'next'];

type AskingParameters = Readonly<Partial<Record<PagingRole, ApiParameter>>>;
type Path = readonly string[] | undefined;

/** Returns the first parameter of each role. */
function askingParameters({ parameters }: ApiOperation): AskingParameters {
  const byRole: Partial<Record<PagingRole, ApiParameter>> = {};
  for (const parameter of parameters) {
    const role = pagingRoleOf(parameter);
    if (role !== undefined) byRole[role] ??= parameter;
  }
  return byRole;
}

function byNumber(
  { number, size }: AskingParameters,
  { total, pages, payload }: { readonly total: Path; readonly pages: Path; readonly payload: Payload },
): Paging | undefined {
  if (number === undefined || (size ?? total ?? pages) === undefined) return undefined;
  const first = firstPageOf(number, payload);
  const message = 'the document does not say whether the first page is 0 or 1: written as 1';
  return {
    asked: given({ by: 'number', first: first ?? 1, size: sizeOf(size), total, pages }),
    parameters: sent([number, '{page.number}'], [size, '{page.size}']),
    said: first === undefined ? [{ place: number.place, message }] : [],
  };
}

function byOffset({ offset, size }: AskingParameters, total: Path): Paging | undefined {
  if (offset === undefined || size === undefined) return undefined;
  return {
    asked: given({ by: 'offset', size: sizeOf(size), total }),
    parameters: sent([offset, '{page.offset}'], [size, '{page.size}']),
    said: [],
  };
}

function byCursor({ cursor, size }: AskingParameters, next: Path): Paging | undefined {
  if (cursor === undefined || next === undefined) return undefined;
  return {
    asked: given({ by: 'cursor', next, size: size && sizeOf(size) }),
    parameters: sent([cursor, '{page.cursor}'], [size, '{page.size}']),
    said: [],
  };
}

function byAddress(response: ApiResponse, payload: Payload): Paging | undefined {
  const next = nextAddress(payload);
  if (next) return { ...WHOLE, asked: { by: 'address', next } };
  const hasLink = response.headers.some((name) => name.toLowerCase() === 'link');
  return hasLink ? { ...WHOLE, asked: { by: 'link' } } : undefined;
}

function unaskable({ place }: ApiOperation, sign: Path): Paging {
  const message = 'the answer is one page of several, and no parameter asks for the next: only the first is read';
  return sign === undefined ? WHOLE : { ...WHOLE, said: [{ place, message }] };
}

function sent(...pairs: readonly (readonly [ApiParameter | undefined, YamlValue])[]): ReadonlyMap<string, YamlValue> {
  return new Map(pairs.flatMap(([parameter, value]) => (parameter ? [[parameter.name, value] as const] : [])));
}

/** Returns a search for a member of the objects around the list, or of an object in them that is about the page. */
function pathsAround({ around, path }: Payload): (names: readonly string[]) => readonly string[] | undefined {
  const found = around.flatMap(({ members }, depth) =>
    members.flatMap(({ name, shape }) => [
      ...(shape.kind === 'leaf' ? [{ bare: bareName(name), at: [...path.slice(0, depth), name] }] : []),
      ...(shape.kind === 'object' && name !== path[depth]
        ? shape.members
            .filter((inner) => inner.shape.kind === 'leaf')
            .map((inner) => ({ bare: bareName(inner.name), at: [...path.slice(0, depth), name, inner.name] }))
        : []),
    ]),
  );
  return (names) => {
    const name = names.find((one) => found.some(({ bare }) => bare === one));
    return found.find(({ bare }) => bare === name)?.at;
  };
}

/** The address of the next page: `next`, or `_links.next.href` (HAL). */
function nextAddress({ around, path }: Payload): readonly string[] | undefined {
  for (const [depth, { members }] of around.entries()) {
    const before = path.slice(0, depth);
    for (const { name, shape } of members) {
      if (bareName(name) === 'next' && shape.kind === 'leaf' && shape.type === 'text') return [...before, name];
      if (bareName(name) !== 'links' || shape.kind !== 'object') continue;
      const next = shape.members.find((one) => bareName(one.name) === 'next');
      if (next?.shape.kind === 'leaf') return [...before, name, next.name];
      const href = next?.shape.kind === 'object' ? next.shape.members.find((one) => one.name === 'href') : undefined;
      if (next && href) return [...before, name, next.name, href.name];
    }
  }
  return undefined;
}

function sizeOf(size: ApiParameter | undefined): number {
  const maximum = size?.schema?.['maximum'];
  return typeof maximum === 'number' && Number.isSafeInteger(maximum) && maximum > 0
    ? Math.min(maximum, 1_000)
    : PAGE_SIZE;
}

/** Number of the first page: the default that the document states, in a schema or in words; 0 beside `totalElements` (Spring). */
function firstPageOf({ schema, description, example }: ApiParameter, payload: Payload): number | undefined {
  const stated = schema?.['default'] ?? /\bdefault\b\D{0,20}?(\d+)/i.exec(description ?? '')?.[1];
  const minimum = schema?.['minimum'];
  const number = stated !== undefined ? Number(stated) : typeof minimum === 'number' ? minimum : undefined;
  if (number === 0 || number === 1) return number;
  if (pathsAround(payload)(['totalelements'])) return 0;
  return example === 0 || example === 1 ? example : undefined;
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function given(members: YamlObject): YamlObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
