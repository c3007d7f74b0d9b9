import { checkSearch, SearchRefused } from '../../../monitoring/audit/search/filter.js';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';
import { searchedNumber } from './searched-person.js';
import { searchFilters, searchGrounds, type SearchOptions } from './search-options.js';

/** What a command asks an officers' address for, as a body of `/audit/v1`. */
export interface AskedOfOfficers {
  readonly filters: object;
  readonly person?: string;
  readonly reason?: string;
  readonly case?: object;
  readonly limit?: number;
  readonly after?: string;
  readonly approval?: string;
}

interface AskedOptions extends SearchOptions {
  readonly after?: string;
  readonly approval?: string;
}

/** Resolves with a search as an officers' address takes it, checked as far as this machine can. Rejects with `CommandFailure`. */
export async function askedOfOfficers(
  options: AskedOptions,
  { limit, timeZone }: { readonly limit: number | undefined; readonly timeZone: string },
  terminal: Terminal,
): Promise<AskedOfOfficers> {
  const filters = searchFilters(options, { timeZone, config: undefined });
  asWrongUse(() => checkSearch(filters, limit ?? 1));
  searchGrounds(options, []);
  const person = options.person === undefined ? undefined : await searchedNumber(options.person, terminal);
  const { reason, case: matter } = searchGrounds(options, person === undefined ? [] : [person]);
  const { after, approval } = options;
  return {
    filters,
    ...(person === undefined ? {} : { person }),
    ...(reason === null ? {} : { reason }),
    ...(matter === null ? {} : { case: matter }),
    ...(limit === undefined ? {} : { limit }),
    ...(after === undefined ? {} : { after }),
    ...(approval === undefined ? {} : { approval }),
  };
}

/** Runs a check, and rethrows what it refuses as wrong use of a command. */
export function asWrongUse(check: () => void): void {
  try {
    check();
  } catch (error) {
    refusedAsWrongUse(error);
  }
}

/** Rethrows the refusal of a search as wrong use of a command. */
export function refusedAsWrongUse(error: unknown): never {
  if (error instanceof SearchRefused) throw new CommandFailure('usage', error.message);
  throw error;
}
