import type { MemberShape, ObjectShape, Shape } from '../description.js';
import { isSameName } from '../write/plan.js';

/** What an answer carries, and what is around it. */
export interface Payload {
  readonly shape: Shape;
  /** Path to it. Empty if it is the answer itself. */
  readonly path: readonly string[];
  /** Objects that the path passes, outermost first. */
  readonly around: readonly ObjectShape[];
}

/** What the question tells of its answer. */
export interface AskedFor {
  /** Names of the parameters that must be given. A record usually has members of the same names. */
  readonly keys: readonly string[];
  /** Whether the address ends in a parameter, as that of one record does. */
  readonly isOfOne: boolean;
}

/** Names, in small letters without signs, of what is about the answer and not in the record. */
const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set([
  ...['timestamp', 'statuscode', 'message', 'success', 'ok', 'error', 'errors'],
  ...['requestid', 'traceid', 'correlationid', 'messageid', 'responseid', 'warnings', 'debug', 'apiversion'],
  ...['total', 'totalcount', 'totalelements', 'totalpages', 'totalresults', 'totalitems', 'totalrecords'],
  ...['page', 'pages', 'pagesize', 'pagenumber', 'limit', 'offset', 'perpage', 'numberofelements'],
  ...['next', 'previous', 'prev', 'cursor', 'nextcursor', 'nextpage', 'nextpagetoken', 'hasmore'],
  ...['hasnext', 'links', 'meta', 'metadata', 'pagination', 'paging', 'pageable', 'sort', 'empty', 'self', 'jsonapi'],
  ...['context', 'odatacontext', 'odatanextlink', 'odatacount', 'included'],
]);

/** Such names that records have, too. */
const OFTEN_ABOUT_THE_ANSWER: ReadonlySet<string> = new Set([
  ...['status', 'code', 'version', 'type', 'count', 'size', 'number', 'first', 'last'],
]);

/** Names of members that hold a record or a list of them. */
const HOLDING: ReadonlySet<string> = new Set([
  ...['data', 'result', 'results', 'response', 'payload', 'body', 'content', 'contents', 'record', 'records', 'item'],
  ...['items', 'value', 'values', 'embedded', 'hits', 'objects', 'rows', 'entries', 'd', 'answer', 'output'],
  ...['datos', 'resultado', 'resultados', 'dados', 'dati', 'risultato', 'donnees', 'resultat', 'daten', 'ergebnis'],
  ...['gegevens', 'resultaat', 'tulemus', 'andmed', 'tiedot', 'данные', 'результат', 'мәлімет', 'нәтиже'],
]);

/** Members that hold links to other answers. */
const LINKS: ReadonlySet<string> = new Set(['links', 'self']);

/**
 * Returns the record or list that an answer carries: down through each object that only carries another. What it is told
 * by, the surest first: it has no values of its own; what was asked for is in the inner object only; beside a list there
 * are only numbers and yes or no; names. An object that has what was asked for is the record.
 */
export function payloadOf(answer: Shape, asked: AskedFor): Payload {
  const path: string[] = [];
  const around: ObjectShape[] = [];
  let shape = answer;
  while (shape.kind === 'object') {
    const inner = carriedBy(shape, asked);
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

function carriedBy({ members }: ObjectShape, asked: AskedFor): MemberShape | undefined {
  const holding = members.filter((member) => isContainer(member.shape) && !isAbout(member, ABOUT_THE_ANSWER));
  const hasList = holding.some(({ shape }) => shape.kind === 'list');
  const [only, ...more] = holding.filter(({ shape }) => !(hasList && isAboutPage(shape)));
  if (only === undefined || more.length > 0) return undefined;
  const own = members.filter(({ shape }) => !isContainer(shape));
  if (own.length === 0) return only;
  const hasOwnKeys = hasKeys(own, asked);
  const hasInnerKeys = hasKeysInside(only.shape, asked);
  if (hasOwnKeys && !hasInnerKeys) return undefined;
  if (only.shape.kind === 'list') return isAroundList(only, own, asked) ? only : undefined;
  return (hasInnerKeys && !hasOwnKeys) || isAroundObject(only, own) ? only : undefined;
}

/** Whether the values beside a list are about the answer. */
function isAroundList(list: MemberShape, own: readonly MemberShape[], { isOfOne }: AskedFor): boolean {
  const areCounts = own.every((member) => isCount(member.shape) || isAbout(member, ABOUT_THE_ANSWER));
  return isNamed(own, list) || (areCounts && !isOfOne);
}

/** Whether the values beside an object are about the answer. */
function isAroundObject(inner: MemberShape, own: readonly MemberShape[]): boolean {
  const isLarger = membersOf(inner.shape).length > own.length;
  return isNamed(own, inner) || (isLarger && HOLDING.has(bare(inner.name)));
}

/** Whether names tell that an object only carries another. */
function isNamed(own: readonly MemberShape[], inner: MemberShape): boolean {
  const isSure = own.some((member) => isAbout(member, ABOUT_THE_ANSWER)) || HOLDING.has(bare(inner.name));
  return isSure && own.every((member) => isAbout(member, ABOUT_THE_ANSWER) || isAbout(member, OFTEN_ABOUT_THE_ANSWER));
}

function isContainer(shape: Shape): boolean {
  return isOfMembers(shape) || (shape.kind === 'list' && isOfMembers(shape.of));
}

function isOfMembers(shape: Shape): boolean {
  return shape.kind === 'object' || shape.kind === 'choice';
}

/** Members of a record, or of the records in a list. */
function membersOf(shape: Shape): readonly MemberShape[] {
  if (shape.kind === 'list') return membersOf(shape.of);
  if (shape.kind === 'choice') return shape.variants.flatMap((variant) => variant.shape.members);
  return shape.kind === 'object' ? shape.members : [];
}

function hasKeys(members: readonly MemberShape[], { keys }: AskedFor): boolean {
  return keys.length > 0 && keys.every((key) => members.some(({ name }) => isSameName(name, key)));
}

/** The same for what an object or list holds, however deep: envelopes are in each other. */
function hasKeysInside(shape: Shape, asked: AskedFor, depth = MAX_DEPTH): boolean {
  const members = membersOf(shape);
  return (
    hasKeys(members, asked) ||
    (depth > 0 && members.some((member) => isContainer(member.shape) && hasKeysInside(member.shape, asked, depth - 1)))
  );
}

/** Envelopes in each other. */
const MAX_DEPTH = 3;

/** Whether an object has nothing but numbers, as one beside a list that says which page it is. */
function isAboutPage(shape: Shape): boolean {
  return shape.kind === 'object' && shape.members.every((member) => isCount(member.shape));
}

function isCount(shape: Shape): boolean {
  return shape.kind === 'leaf' && ['integer', 'long', 'boolean'].includes(shape.type);
}

function isAbout({ name }: MemberShape, names: ReadonlySet<string>): boolean {
  return names.has(bare(name));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
