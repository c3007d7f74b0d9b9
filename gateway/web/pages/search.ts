import type { Clock } from '../../../schemas/ports/clock.js';
import { startOfDay } from '../../../schemas/time/start-of-day.js';
import { refusalOf } from '../../officers/refusal-of.js';
import { withParameters } from '../addresses.js';
import type { Ask, FoundView } from '../asking.js';
import type { OfficerPageRequest, Page, PageAnswer } from '../page.js';
import { chartRange, createChart, type Chart } from '../view/chart.js';
import { entryRow } from '../view/entry-row.js';
import { fieldErrors } from '../view/field-errors.js';
import type { Texts } from '../view/texts.js';

/** Filters of a search, in the order in which the form shows them. A person is none of them: that is another page. */
const MAIN = ['since', 'until', 'agency', 'purpose', 'case', 'outcome'] as const;
const MORE = [
  ...(['system', 'officer', 'model', 'register', 'category', 'code'] as const),
  ...(['document', 'operation', 'request', 'kind', 'log'] as const),
] as const;
type FilterName = (typeof MAIN)[number] | (typeof MORE)[number];
const FILTERS: readonly FilterName[] = [...MAIN, ...MORE];

/** Rows of a page. */
export const ROWS = 50;

/** Outcomes that the form offers; others can stand in an address. */
const OUTCOMES = ['answered', 'failed', 'unknown', 'refused'];
/** Kinds that the form offers. */
const KINDS = [
  ...['intent', 'completion', 'refusal', 'refusals', 'act', 'audit_read', 'audit_read_end'],
  ...['approval', 'alert', 'sink', 'retention', 'state'],
];
/** Entries about those who read the log: what shows them needs a second officer, so that they are not counted here. */
const OF_READERS = /^(?:audit|approval)/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export interface SearchPageDependencies {
  readonly ask: Ask;
  readonly clock: Pick<Clock, 'now'>;
  /** Dates of forms are days of this zone. */
  readonly timeZone: string;
}

/** Returns the page that searches by everything but a person. Its address says what it searches for. */
export function searchPage({ ask, clock, timeZone }: SearchPageDependencies): Page {
  return {
    method: 'GET',
    path: '/{language}/search',
    run: async (request) => {
      const given = givenFilters(request.query);
      const form = formData(given, request.t);
      if (Object.keys(given).length === 0 && !request.query.has('all')) return shown({ form });
      const filters = inInstants(given, timeZone);
      try {
        const after = request.query.get('after');
        const query = { ...filters, limit: String(ROWS), ...(after === null ? {} : { after }) };
        const found = await ask(request.officer, 'GET /audit/v1/entries', { query });
        const chart = after === null ? await chartOf(request, { ask, clock, filters }) : undefined;
        return shown({ form, chips: chipsOf(request, given), chart, results: resultsOf(request, found) });
      } catch (error) {
        return refused(request, { error, form, given });
      }
    },
  };
}

const shown = (data: Readonly<Record<string, unknown>>, status = 200): PageAnswer => ({
  kind: 'page',
  status,
  template: 'search',
  data,
});

/** What can be put right on this page is said on it; anything else is an error page. */
function refused(
  { t }: OfficerPageRequest,
  { error, form, given }: { readonly error: unknown; readonly form: object; readonly given: Given },
): PageAnswer {
  const refusal = refusalOf(error);
  if (refusal.code === 'APPROVAL_REQUIRED')
    return shown({ form, second: { filters: entriesOf(given) }, refusal: { code: refusal.code } }, refusal.status);
  if (refusal.code !== 'AUDIT_REQUEST_INVALID') throw refusal;
  return shown({ form, errors: fieldErrors(refusal.reasons, t) }, refusal.status);
}

type Given = Readonly<Partial<Record<FilterName, string>>>;

/** Returns the filters of a query that are not empty. */
export function givenFilters(query: URLSearchParams): Given {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query.get(name)?.trim() ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** Returns filters as the interface takes them. A date is a whole day of the zone: `until` includes it. */
export function inInstants({ since, until, ...others }: Given, timeZone: string): Readonly<Record<string, string>> {
  const instant = (text: string, daysLater: number): string =>
    DATE.test(text) && !Number.isNaN(Date.parse(text)) ? startOfDay(text, timeZone, daysLater).toISOString() : text;
  return {
    ...others,
    ...(since === undefined ? {} : { since: instant(since, 0) }),
    ...(until === undefined ? {} : { until: instant(until, 1) }),
  };
}

const entriesOf = (given: Given): readonly { readonly name: string; readonly value: string }[] =>
  Object.entries(given).map(([name, value]) => ({ name, value }));

interface FormField {
  readonly name: string;
  readonly value: string;
  readonly options?: readonly { readonly value: string; readonly text: string }[];
}

function formData(
  given: Given,
  t: Texts,
): { readonly main: readonly FormField[]; readonly more: readonly FormField[] } {
  const field = (name: FilterName): FormField => {
    const value = given[name] ?? '';
    if (name !== 'outcome' && name !== 'kind') return { name, value };
    const known = name === 'outcome' ? OUTCOMES : KINDS;
    const others = value === '' || known.includes(value) ? [] : [{ value, text: value }];
    const texts = known.map((one) => ({ value: one, text: t(`fields.${name}_${one}`) }));
    return { name, value, options: [{ value: '', text: t('fields.any') }, ...texts, ...others] };
  };
  return { main: MAIN.map(field), more: MORE.map(field) };
}

/** Each filter with the address without it. */
function chipsOf({ language, t }: OfficerPageRequest, given: Given): readonly object[] {
  return entriesOf(given).map(({ name, value }) => {
    const others = new URLSearchParams(
      entriesOf(given).flatMap((one) => (one.name === name ? [] : [[one.name, one.value]])),
    );
    if (others.size === 0) others.set('all', '1');
    const isNamed = (name === 'outcome' ? OUTCOMES : name === 'kind' ? KINDS : []).includes(value);
    return {
      label: t(`fields.${name}`),
      value: isNamed ? t(`fields.${name}_${value}`) : value,
      href: `/${language}/search?${others.toString()}`,
    };
  });
}

/** Counts per hour of what was searched for; undefined where the interface counts nothing. */
async function chartOf(
  { officer }: OfficerPageRequest,
  {
    ask,
    clock,
    filters,
  }: Pick<SearchPageDependencies, 'ask' | 'clock'> & { readonly filters: Readonly<Record<string, string>> },
): Promise<Chart | undefined> {
  const { officer: ofOfficer, kind = '', outcome = '', since, until, ...others } = filters;
  if (ofOfficer !== undefined || OF_READERS.test(kind) || OF_READERS.test(outcome)) return undefined;
  const range = chartRange({ since, until }, clock.now());
  if (range === undefined) return undefined;
  const query = { ...others, ...(kind === '' ? {} : { kind }), ...(outcome === '' ? {} : { outcome }), ...range };
  return createChart(await ask(officer, 'GET /audit/v1/counts', { query }), range);
}

/** Returns what a page shows of a search. Further pages, and what is new, are links: nothing changes by itself. */
export function resultsOf({ language, query, target }: OfficerPageRequest, found: FoundView): object {
  const seen = query.get('seen') ?? undefined;
  const rows = found.entries.map((entry) => entryRow(entry, language, seen));
  const isFirst = !query.has('after') && !query.has('page');
  const newest = found.entries[0]?.entry.at;
  return {
    ...{ rows, ended: found.ended, since: found.since, isDefaultRange: found.isDefaultRange, compared: found.compared },
    searchId: found.searchId,
    newCount: seen === undefined ? undefined : rows.filter(({ isNew }) => isNew).length,
    areAllNew: rows.length > 0 && rows.every(({ isNew }) => isNew),
    next: found.next === null ? undefined : withParameters(target, { after: found.next, seen: undefined }),
    checkNew: isFirst && newest !== undefined ? withParameters(target, { seen: newest }) : undefined,
    first: isFirst ? undefined : withParameters(target, { after: undefined, page: undefined }),
  };
}

/** The address of the first page, in the language that a path has. */
export const firstPage: Page = {
  method: 'GET',
  path: '/',
  isPublic: true,
  run: async ({ language }) => ({ kind: 'redirect', to: `/${language}/search` }),
};

/** An address with a language alone. */
export const languagePage: Page = { ...firstPage, path: '/{language}' };
