import type { EntrySearchFilters } from '../entries.js';

/** Which entries a search finds. Every field narrows it. Times are ISO 8601, UTC: `since` inclusive, `until` exclusive. */
export interface SearchFilter extends EntrySearchFilters {
  /** Index tokens of a person, hex: one for each live key (`Pseudonyms.indexTokens`). */
  readonly tokens?: readonly string[];
}

/** Most rows of one page. */
export const MAX_ROWS = 10_000;

/** What a search covers without a time, unless it is for a person, a case or a request; in days. */
export const DEFAULT_DAYS = 30;

/** How an outcome is named in a search: the end of a request, or `refused`. Acts are outcomes by their own names. */
export const REFUSED = 'refused';

const DAY_MS = 86_400_000;

/** Returns whether a search that states no `since` covers the last 30 days only. */
export function isLimitedToDays({ since, tokens, case: matter, request }: SearchFilter): boolean {
  return since === undefined && tokens === undefined && matter === undefined && request === undefined;
}

/** Returns the time from which a search without `since` looks: 30 days before its end. ISO 8601, UTC. */
export function defaultSince({ until }: SearchFilter, now: Date): string {
  return new Date((until === undefined ? now.getTime() : Date.parse(until)) - DEFAULT_DAYS * DAY_MS).toISOString();
}

/** Why a search cannot be made. */
export type SearchFault = 'cursor_broken' | 'cursor_of_other_search' | 'limit' | 'range' | 'unknown_log';

/** A search that cannot be made as it was asked for. Nothing was recorded or read of it. */
export class SearchRefused extends Error {
  readonly fault: SearchFault;
  constructor(fault: SearchFault, message: string) {
    super(message);
    this.name = 'SearchRefused';
    this.fault = fault;
  }
}

/** Throws {@link SearchRefused} if the limit is not from 1 to 10,000, or if the range ends before it begins. */
export function checkSearch({ since, until }: SearchFilter, limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS)
    throw new SearchRefused('limit', `the limit must be a whole number from 1 to ${MAX_ROWS}`);
  if (since !== undefined && until !== undefined && Date.parse(since) >= Date.parse(until))
    throw new SearchRefused('range', `the range is empty: ${since} is not before ${until}`);
}
