import type { LawOf } from '../../exports/laws.js';
import type { Searching } from '../searching.js';
import { pageAnswer, shownPage } from './answers.js';
import { filtersOf, searchBody, searchQuery } from './fields.js';
import { NONE, route, type OfficerRoute } from './route.js';

/** Returns the searches: the second takes a person, and therefore no address holds what it asks for. */
export function searchRoutes({
  search,
  lawOf,
}: {
  readonly search: Searching;
  readonly lawOf: LawOf;
}): readonly OfficerRoute[] {
  return [
    route({
      method: 'GET',
      path: '/audit/v1/entries',
      roles: ['search'],
      summary: 'Entries, newest first. Without case or request of the last 30 days unless since says otherwise.',
      parameters: NONE,
      query: searchQuery,
      answer: pageAnswer,
      answers: async (officer, { query: { limit = '50', after, ...filters } }) =>
        shownPage(await search(officer, { filters: filtersOf(filters), limit: Number(limit), after }), lawOf),
    }),
    route({
      method: 'POST',
      path: '/audit/v1/searches',
      roles: ['search'],
      summary: 'The same, also for a person. A search for a person needs a reason and a case, and counts for the day.',
      parameters: NONE,
      query: NONE,
      body: searchBody,
      answer: pageAnswer,
      answers: async (officer, { body: { filters, ...asked } }) =>
        shownPage(await search(officer, { filters: filtersOf(filters), ...asked }), lawOf),
    }),
  ];
}
