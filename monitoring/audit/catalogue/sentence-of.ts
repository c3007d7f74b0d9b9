import type { Language } from '../../../schemas/language.js';
import type { StoredBody } from '../entries.js';
import { itemsOf, listOf, membersOf, type Loose } from '../loose-body.js';
import { PHRASES, SENTENCES, UNKNOWN_EVENT, type EventName } from './sentences.js';

/** Returns the event of an entry of any version, or undefined if this program does not know it. */
export function eventOf(body: StoredBody | { readonly kind: string }): EventName | undefined {
  const { kind, outcome, act } = body as unknown as Loose;
  const detail = kind === 'completion' ? outcome : act;
  if (typeof kind !== 'string' || (detail !== undefined && typeof detail !== 'string')) return undefined;
  const name = detail === undefined ? kind : `${kind}.${detail}`;
  return Object.hasOwn(SENTENCES, name) ? (name as EventName) : undefined;
}

/**
 * Returns the sentence of an entry of any version: what happened, in one line, for people who read the log. It holds ids,
 * names, codes and counts of the entry, never more about a person than how many there are. It never throws: members that are
 * missing, because someone changed the bytes, read as none. Texts of callers stand in it as they are: a page escapes them.
 */
export function sentenceOf(body: StoredBody | { readonly kind: string }, language: Language): string {
  const event = eventOf(body);
  if (event === undefined) return UNKNOWN_EVENT[language];
  const values = parametersOf(body as unknown as Loose, language);
  return SENTENCES[event][language].replaceAll(PARAMETER, (_, name: string) => values[name]?.() ?? '');
}

/** Names of the parameters of sentences. */
export const PARAMETERS = [
  ...['who', 'purpose', 'people', 'registers', 'asked', 'disclosed', 'withheld', 'categories'],
  ...['code', 'count', 'source', 'reference', 'reason', 'closed', 'rows', 'entry'],
  ...['rule', 'severity', 'said'],
  ...['law', 'before', 'hold', 'sink', 'target', 'action', 'asker'],
] as const;

/** Values of parameters, each made only where a sentence has it. */
function parametersOf(body: Loose, language: Language): Readonly<Record<string, () => string>> {
  const none = PHRASES.none[language];
  const listed = (texts: readonly unknown[]): string => {
    const names = [...new Set(texts.flatMap((text) => (typeof text === 'string' ? [text] : [])))];
    return names.length === 0 ? none : names.join(', ');
  };
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : none;
  const shown = (): readonly Loose[] => itemsOf(body['disclosed']).filter(({ access }) => access === 'disclose');
  const more = typeof body['moreSubjects'] === 'number' ? body['moreSubjects'] : 0;
  return {
    who: () => whoOf(body, language),
    purpose: () => purposeOf(body, language),
    people: () => String(listOf(body['subjects']).length + more),
    registers: () => listed(itemsOf(body['reads']).map(({ register }) => register)),
    asked: () => listed(itemsOf(body['registers']).map(({ register }) => register)),
    disclosed: () => listed(shown().map(({ category }) => category)),
    withheld: () => listed(itemsOf(body['withheld']).map(({ category }) => category)),
    categories: () => listed(listOf(body['categories'])),
    code: () => text(body['code'] ?? itemsOf(body['withheld'])[0]?.['code']),
    count: () => text(body['count'] ?? sumOf(itemsOf(body['logs']).map(({ count }) => count))),
    source: () => text(body['source']),
    reference: () => text(body['reference']),
    reason: () => text(body['reason']),
    rows: () => text(body['rows']),
    law: () => text(body['law']),
    before: () => text(body['before']),
    hold: () => text(body['hold']),
    entry: () => text(body['entry']),
    sink: () => text(body['sink']),
    target: () => text(body['target']),
    action: () => text(body['action']),
    asker: () => askerOf(body, none),
    closed: () => String(listOf(body['closedLogs']).length),
    rule: () => text(body['rule']),
    severity: () => text(body['severity']),
    said: () => saidOf(body, language) ?? none,
  };
}

function whoOf(body: Loose, language: Language): string {
  const caller = body['kind'] === 'refusals' ? body : membersOf(body['caller']);
  const { agency, system, officer, actor, kind } = caller;
  const person = officer ?? actor;
  const named = [agency, system].filter((one) => typeof one === 'string').join('/');
  if (named === '') return PHRASES.unknownCaller[language];
  if (kind === 'citizen') return filled(PHRASES.citizen[language], { system: named });
  if (typeof person !== 'string') return named;
  return filled(PHRASES.officer[language], { system: named, officer: person });
}

/** What the rule of an alert says: the entry holds its sentence. */
function saidOf(body: Loose, language: Language): string | undefined {
  const template = membersOf(body['sentence'])[language];
  if (typeof template !== 'string') return undefined;
  const { count, threshold } = body;
  const { number } = membersOf(body['case']);
  return filled(template, {
    who: whoOf(body, language),
    case: typeof number === 'string' ? number : PHRASES.none[language],
    count: String(count),
    threshold: String(threshold),
  });
}

function askerOf(body: Loose, none: string): string {
  const { agency, officer } = membersOf(body['asker']);
  return typeof agency === 'string' && typeof officer === 'string' ? `${agency}/${officer}` : none;
}

function purposeOf(body: Loose, language: Language): string {
  const { purpose } = body;
  if (typeof purpose !== 'string') return '';
  const { number } = membersOf(body['case']);
  return typeof number === 'string'
    ? filled(PHRASES.purposeAndCase[language], { purpose, case: number })
    : filled(PHRASES.purpose[language], { purpose });
}

function sumOf(counts: readonly unknown[]): number {
  return counts.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
}

/** One pass: what is put in is never filled again. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(PARAMETER, (_, name: string) => values[name] ?? '');
}

const PARAMETER = /\{(\w+)\}/g;
