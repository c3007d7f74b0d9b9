import { z } from 'zod';
import { LOG_NAME } from '../../../monitoring/audit/log-name.js';
import type { AuditReader } from '../../../monitoring/audit/reader.js';
import { MAX_ROWS } from '../../../monitoring/audit/search/filter.js';
import { recordRead, type RecordingRead } from '../../../monitoring/audit/search/record-read.js';
import { isOfAgency } from '../../../monitoring/audit/search/scope.js';
import type { StoredEntry } from '../../../monitoring/audit/stored-entry.js';
import { Refusal } from '../../../schemas/refusal.js';
import type { LawOf } from '../../exports/laws.js';
import { readerOf, scopeOf, type Officer } from '../officer.js';
import { entryAnswer, shownEntry, wholeEntry, wholeEntryAnswer } from './answers.js';
import { entryIndex, logNumber, uuid } from './fields.js';
import { NONE, route, type OfficerRoute } from './route.js';

export interface EntryRoutesDependencies extends RecordingRead {
  readonly reader: Pick<AuditReader, 'show' | 'request'>;
  readonly lawOf: LawOf;
}

/** Returns the routes to entries that the officer can name. Entries out of scope are answered like those that are not there. */
export function entryRoutes({ reader, lawOf, ...recording }: EntryRoutesDependencies): readonly OfficerRoute[] {
  return [
    route({
      method: 'GET',
      path: '/audit/v1/entries/{log}/{index}',
      roles: ['search'],
      summary: 'One entry, by the number of its log and its index.',
      parameters: z.strictObject({ log: logNumber, index: entryIndex }),
      query: NONE,
      answer: wholeEntryAnswer,
      answers: async (officer, { path }) => {
        const log = `${LOG_NAME}/${path.log}`;
        const caller = readerOf(officer);
        const entry = `${log}/${path.index}`;
        const found = await recordRead(recording, { act: 'audit_entry_read', caller, limit: 1, entry }, async () => {
          const one = await reader.show(log, Number(path.index));
          return rowsOf(one === undefined ? [] : [one], officer);
        });
        return found.map((one) => wholeEntry(one, lawOf))[0] ?? notFound();
      },
    }),
    route({
      method: 'GET',
      path: '/audit/v1/requests/{request}',
      roles: ['search'],
      summary: 'All entries of one request, oldest first.',
      parameters: z.strictObject({ request: uuid }),
      query: NONE,
      answer: z.object({ entries: z.array(entryAnswer) }),
      answers: async (officer, { path: { request } }) => {
        const asked = { caller: readerOf(officer), limit: MAX_ROWS, filters: { request } };
        const found = await recordRead(recording, { act: 'audit_request_read', ...asked }, async () =>
          rowsOf(await reader.request(request), officer),
        );
        return found.length === 0 ? notFound() : { entries: found.map((one) => shownEntry(one, lawOf)) };
      },
    }),
  ];
}

function rowsOf(
  entries: readonly StoredEntry[],
  officer: Officer,
): { readonly result: readonly StoredEntry[]; readonly rows: number } {
  const agency = scopeOf(officer);
  const result = entries.filter((entry) => agency === undefined || isOfAgency(entry, agency)).slice(0, MAX_ROWS);
  return { result, rows: result.length };
}

function notFound(): never {
  throw new Refusal('NOT_FOUND');
}
