import type { Decision } from '../../monitoring/audit/search/counts.js';
import type { Language } from '../../schemas/language.js';
import { assertRole, type OfficerRoute, type RawInput } from '../officers/routes/route.js';
import type { Officer } from '../officers/officer.js';

/** An entry, as the interface of officers answers it. */
export interface EntryView {
  readonly log: string;
  readonly index: number;
  readonly leafHash: string;
  readonly intact: boolean;
  readonly changed: boolean;
  readonly differences: readonly Readonly<Record<string, unknown>>[];
  readonly entry: Readonly<Record<string, unknown>> & {
    readonly kind: string;
    readonly requestId: string;
    readonly at: string;
  };
  readonly sentence: Readonly<Record<Language, string>>;
}

/** One entry, with its bytes. */
export interface WholeEntryView extends EntryView {
  /** Base64. */
  readonly bytes: string;
}

/** How far the rows of the log were compared with their bytes. */
export interface ComparedView {
  readonly at: string | null;
  readonly found: number;
}

/** A page of a search. */
export interface FoundView {
  readonly searchId: string;
  readonly entries: readonly EntryView[];
  readonly ended: 'complete' | 'limit' | 'time';
  readonly next: string | null;
  readonly since: string | null;
  readonly isDefaultRange: boolean;
  readonly compared: ComparedView;
}

/** Entries by hour. */
export interface CountsView {
  readonly hours: readonly { readonly hour: string; readonly counts: Readonly<Record<Decision, number>> }[];
}

/** A request for the approval of a second officer. */
export interface ApprovalView {
  readonly id: string;
  readonly action: string;
  readonly state: 'asked' | 'approved' | 'refused' | 'used' | 'expired';
  readonly asker: { readonly agency: string; readonly officer: string };
  readonly second: string | null;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly hash: string;
  readonly request: {
    readonly filters: Readonly<Record<string, string>>;
    readonly reason: string;
    readonly case: { readonly agency: string; readonly number: string };
    /** Rows at most; null for an export. */
    readonly limit: number | null;
    /** Of an export, its format. */
    readonly format: string | null;
    readonly namesPerson: boolean;
    readonly isContinued: boolean;
  };
}

/** What the pages ask of the interface, and the shape of each answer (`/audit/v1/openapi.json`). */
interface Answers {
  readonly 'GET /audit/v1/entries': FoundView;
  readonly 'POST /audit/v1/searches': FoundView;
  readonly 'GET /audit/v1/entries/{log}/{index}': WholeEntryView;
  readonly 'GET /audit/v1/requests/{request}': { readonly entries: readonly EntryView[] };
  readonly 'GET /audit/v1/counts': CountsView;
  readonly 'GET /audit/v1/approvals': {
    readonly waiting: readonly ApprovalView[];
    readonly asked: readonly ApprovalView[];
  };
  readonly 'POST /audit/v1/approvals': ApprovalView;
  readonly 'POST /audit/v1/approvals/{approval}/approve': ApprovalView;
  readonly 'POST /audit/v1/approvals/{approval}/refuse': ApprovalView;
}

/** Name of a route that the pages use. */
export type AskedRoute = keyof Answers;

/**
 * Asks the interface of officers as this officer, by the same route that a request over HTTP takes: its role, its shape, its
 * entry of the log. The pages have no other way to what the log holds.
 */
export type Ask = <Name extends AskedRoute>(
  officer: Officer,
  name: Name,
  input?: Partial<RawInput>,
) => Promise<Answers[Name]>;

/** Makes the asking of these routes. */
export function createAsk(routes: readonly OfficerRoute[]): Ask {
  const byName = new Map(routes.map((route) => [`${route.method} ${route.path}`, route] as const));
  return async <Name extends AskedRoute>(officer: Officer, name: Name, input: Partial<RawInput> = {}) => {
    const route = byName.get(name);
    if (route === undefined) throw new TypeError(`the interface has no route ${name}`);
    assertRole(route, officer);
    // What a route answers is an object without a type of its own.
    return (await route.run(officer, { path: {}, query: {}, body: undefined, ...input })) as Answers[Name];
  };
}
