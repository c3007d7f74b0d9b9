import type { MemberShape, ObjectShape, Shape } from '../description.js';

/** What an answer carries, and what is around it. */
export interface Payload {
  readonly shape: Shape;
  /** Path to it. Empty if it is the answer itself. */
  readonly path: readonly string[];
  /** Objects that the path passes, outermost first. */
  readonly around: readonly ObjectShape[];
}

/** Names, in small letters without signs, of what is about the answer and not in the record. */
const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set([
  ...['timestamp', 'status', 'statuscode', 'code', 'message', 'success', 'ok', 'error', 'errors', 'version', 'type'],
  ...['requestid', 'traceid', 'correlationid', 'messageid', 'responseid', 'warnings', 'debug', 'apiversion'],
  ...['count', 'total', 'totalcount', 'totalelements', 'totalpages', 'totalresults', 'totalitems', 'totalrecords'],
  ...['page', 'pages', 'pagesize', 'pagenumber', 'size', 'number', 'limit', 'offset', 'perpage', 'numberofelements'],
  ...['next', 'previous', 'prev', 'first', 'last', 'cursor', 'nextcursor', 'nextpage', 'nextpagetoken', 'hasmore'],
  ...['hasnext', 'links', 'meta', 'metadata', 'pagination', 'paging', 'pageable', 'sort', 'empty', 'self', 'jsonapi'],
  ...['context', 'odatacontext', 'odatanextlink', 'odatacount'],
]);

/** Members that hold links to other answers. */
const LINKS: ReadonlySet<string> = new Set(['links', 'self']);

/**
 * Returns the record or list that an answer carries: down through each object that has only one member beside those
 * about the answer itself, if that one is an object or a list of objects.
 */
export function payloadOf(answer: Shape): Payload {
  const path: string[] = [];
  const around: ObjectShape[] = [];
  let shape = answer;
  while (shape.kind === 'object') {
    const inner = onlyContent(shape);
    if (inner === undefined) break;
    path.push(...inner.at.map(String));
    around.push(shape);
    shape = inner.shape;
  }
  return { shape, path, around };
}

/** Whether an answer has nothing but links. */
export function isOnlyLinks(answer: Shape): boolean {
  return answer.kind === 'object' && answer.members.every(({ name }) => LINKS.has(bare(name)));
}

function onlyContent({ members }: ObjectShape): MemberShape | undefined {
  const contents = members.filter(({ name }) => !ABOUT_THE_ANSWER.has(bare(name)));
  const [only] = contents;
  if (contents.length !== 1 || only === undefined) return undefined;
  const { shape } = only;
  const isContent =
    shape.kind === 'object' || shape.kind === 'choice' || (shape.kind === 'list' && isOfObjects(shape.of));
  return isContent ? only : undefined;
}

function isOfObjects(shape: Shape): boolean {
  return shape.kind === 'object' || shape.kind === 'choice';
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
