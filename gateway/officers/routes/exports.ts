import { z } from 'zod';
import { SERVED_FORMATS } from '../../exports/rows.js';
import type { Exporting } from '../exporting.js';
import { exportBody, filtersOf } from './fields.js';
import { NONE, route, type OfficerRoute } from './route.js';

/** Returns the route by which entries leave. What it answers streams, as long as the client takes it. */
export function exportRoutes(exporting: Exporting): readonly OfficerRoute[] {
  return [
    route({
      method: 'POST',
      path: '/audit/v1/exports',
      roles: ['export'],
      summary:
        'Entries to take away, newest first, once a second officer has approved exactly this export. Without person, case or request of the last 30 days unless since says otherwise. An answer without its end is not whole.',
      parameters: NONE,
      query: NONE,
      body: exportBody,
      media: [...new Set(Object.values(SERVED_FORMATS))],
      answer: z.string().describe('Entries in the format that was asked for.'),
      answers: (officer, { body: { filters, ...asked } }) =>
        exporting(officer, { filters: filtersOf(filters), ...asked }),
    }),
  ];
}
