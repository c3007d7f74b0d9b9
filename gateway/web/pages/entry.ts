import { publicLogName } from '../../../monitoring/audit/log-name.js';
import type { Ask, WholeEntryView } from '../asking.js';
import type { OfficerPageRequest, Page } from '../page.js';
import { entryPath, entryRow, tagColour, tagOf, whoOf } from '../view/entry-row.js';
import { entryParts, type LawOf } from '../view/entry-parts.js';

export interface EntryPagesDependencies {
  readonly ask: Ask;
  readonly lawOf: LawOf;
  /** `audit.origin`. */
  readonly origin: string | undefined;
}

/** Returns the pages of one entry, and of the entries of a request. */
export function entryPages({ ask, lawOf, origin }: EntryPagesDependencies): readonly Page[] {
  return [
    {
      method: 'GET',
      path: '/{language}/entries/{log}/{index}',
      run: async (request) => {
        const { log = '', index = '' } = request.parameters;
        const view = await ask(request.officer, 'GET /audit/v1/entries/{log}/{index}', { path: { log, index } });
        return { kind: 'page', template: 'entry', data: shownEntry(request, view, { lawOf, origin }) };
      },
    },
    {
      method: 'GET',
      path: '/{language}/requests/{request}',
      run: async ({ officer, language, parameters }) => {
        const request = parameters['request'] ?? '';
        const { entries } = await ask(officer, 'GET /audit/v1/requests/{request}', { path: { request } });
        return {
          kind: 'page',
          template: 'request',
          data: { request, rows: entries.map((one) => entryRow(one, language)) },
        };
      },
    },
  ];
}

function shownEntry(
  { language }: OfficerPageRequest,
  view: WholeEntryView,
  { lawOf, origin }: Pick<EntryPagesDependencies, 'lawOf' | 'origin'>,
): Readonly<Record<string, unknown>> {
  const { log, index, entry, leafHash, intact, changed, differences, sentence, bytes } = view;
  const tag = tagOf(view);
  const publicName = publicLogName(log, origin);
  return {
    ...{ index, leafHash, intact, changed, at: entry.at, kind: entry.kind, requestId: entry.requestId },
    ...{ sentence: sentence[language], tag, colour: tagColour(tag), who: whoOf(entry), log: publicName },
    differences: differences.map((one) => JSON.stringify(one)),
    parts_of: entryParts(entry, lawOf),
    // Shown from the bytes: the same that are verified.
    text: Buffer.from(bytes, 'base64').toString('utf8'),
    bytes,
    evidenceHref: `${entryPath(language, log, index)}/evidence`,
    requestHref: `/${language}/requests/${entry.requestId}`,
    command: `npx tereze audit verify --log ${publicName}`,
  };
}
