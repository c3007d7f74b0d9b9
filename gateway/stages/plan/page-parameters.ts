import { isPageCursor } from '../../../policies/consent/page-cursor.js';
import type { PageRequest } from '../../../policies/consent/port.js';
import { Refusal } from '../../../schemas/refusal.js';

/** Items of a page if the caller does not say, and at most. */
export const DEFAULT_PAGE = 50;
export const LONGEST_PAGE = 100;

/**
 * Reads which page a query asks for: `limit` and `after`, each at most once, and nothing else.
 *
 * @throws Refusal `BAD_USER_INPUT` with the parameter; it never contains a value.
 */
export function readPage(query: string | undefined): PageRequest {
  const parameters = new URLSearchParams(query);
  const isKnown = [...parameters.keys()].every((name) => name === 'limit' || name === 'after');
  if (!isKnown) throw new Refusal('BAD_USER_INPUT', { reasons: ['unknown_parameter'] });
  const after = single(parameters, 'after');
  if (after !== undefined && !isPageCursor(after)) throw new Refusal('BAD_USER_INPUT', { reasons: ['after'] });
  return { limit: readLimit(single(parameters, 'limit')), ...(after === undefined ? {} : { after }) };
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PAGE;
  const limit = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > LONGEST_PAGE) throw new Refusal('BAD_USER_INPUT', { reasons: ['limit'] });
  return limit;
}

function single(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = parameters.getAll(name);
  if (others.length > 0) throw new Refusal('BAD_USER_INPUT', { reasons: [name] });
  return value;
}
