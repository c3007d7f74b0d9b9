import { z } from 'zod';
import { readCompared } from '../../../monitoring/audit/rederive/compared.js';
import { checkCount, countByHour, DECISIONS, MAX_HOURS } from '../../../monitoring/audit/search/counts.js';
import { recordRead, type RecordingRead } from '../../../monitoring/audit/search/record-read.js';
import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { readerOf, scopeOf } from '../officer.js';
import { statusAnswer } from './answers.js';
import { countQuery, filtersOf } from './fields.js';
import { NONE, route, type OfficerRoute } from './route.js';

/** A status has a row a log, and there are few logs. */
const MOST_LOGS = 1_000;

/** Returns the routes to what the log says of itself as a whole. */
export function statusRoutes({
  sql,
  ...recording
}: RecordingRead & { readonly sql: SqlExecutor }): readonly OfficerRoute[] {
  return [
    route({
      method: 'GET',
      path: '/audit/v1/counts',
      roles: ['search'],
      summary: `Entries by hour and decision, of ${MAX_HOURS} hours at most. Hours without entries are left out.`,
      parameters: NONE,
      query: countQuery,
      answer: z.object({
        hours: z.array(
          z.object({
            hour: z.string().describe('Begin of the hour, UTC.'),
            counts: z.record(z.enum(DECISIONS), z.int()),
          }),
        ),
      }),
      answers: async (officer, { query }) => {
        const { since = '', until = '', ...filter } = filtersOf(query);
        const asked = { caller: readerOf(officer), limit: MAX_HOURS, filters: { ...filter, since, until } };
        const count = { filter, since, until, onlyAgency: scopeOf(officer) };
        checkCount(count);
        const hours = await recordRead(recording, { act: 'audit_counted', ...asked }, async () => {
          const result = await countByHour(sql, count);
          return { result, rows: result.length };
        });
        return { hours };
      },
    }),
    route({
      method: 'GET',
      path: '/audit/v1/verification',
      roles: ['search'],
      summary: 'How far the rows of each log were compared with their bytes, and what was found.',
      parameters: NONE,
      query: NONE,
      answer: statusAnswer,
      answers: async (officer) => {
        const asked = { caller: readerOf(officer), limit: MOST_LOGS };
        const compared = await recordRead(recording, { act: 'audit_status_read', ...asked }, async () => {
          const result = await readCompared(sql);
          return { result, rows: result.logs.length };
        });
        return { compared };
      },
    }),
  ];
}
