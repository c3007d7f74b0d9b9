import { membersOf, textOf, textsOf, type Loose } from '../../loose-body.js';
import { callIdsOf } from '../../entries.js';
import type { StoredEntry } from '../../stored-entry.js';
import {
  entryTime,
  eventOf,
  filled,
  timeOf,
  wholeNumbers,
  type EventFacts,
  type OcsfEvent,
  type OcsfOptions,
  type StatusId,
} from './event.js';

const READ = { id: 1, name: 'Read' };
const QUERY = { id: 4, name: 'Query' };

/** Returns the Datastore Activity (6005) of a register that a request asked. `used` is an item of `registers`. */
export function registerActivity(entry: StoredEntry, used: Loose, options: OcsfOptions): OcsfEvent {
  const { outcome, requestOutTs, verdicts } = used;
  const beyondGrant = textsOf(used['beyondGrant']);
  // Versions 1 to 3 say only whether there was more.
  const hasMore = beyondGrant.length > 0 || used['receivedBeyondGrant'] === true;
  const status: StatusId = outcome === 'answered' ? 1 : outcome === 'failed' ? 2 : 0;
  const isRemarkable = status !== 1 || hasMore;
  return datastoreActivity(
    entry,
    textOf(used['register']),
    {
      activity: QUERY,
      severity: isRemarkable ? 2 : 1,
      status,
      code: textOf(used['failure']),
      detail: textOf(used['reason']),
      time: Number.isSafeInteger(requestOutTs) ? Number(requestOutTs) : timeOf(entryTime(entry.body)),
    },
    {
      ...wholeNumbers({ start_time: requestOutTs, end_time: used['responseInTs'], duration: used['durationMs'] }),
      unmapped: {
        ...wholeNumbers({ calls: used['calls'], records: used['records'] }),
        ...filled({ contract: textOf(used['contract']) }),
        call_ids: callIdsOf(textOf(membersOf(entry.body)['requestId']), used),
        received_beyond_grant: hasMore,
        ...(beyondGrant.length === 0 ? {} : { beyond_grant: beyondGrant }),
        ...(used['identifierInAddress'] === true ? { identifier_in_address: true } : {}),
        verdicts: wholeNumbers(membersOf(verdicts)),
      },
    },
    options,
  );
}

/** Returns the Datastore Activity of a register that a request was about to ask. Whether it did is not known. */
export function plannedActivity(entry: StoredEntry, planned: Loose, options: OcsfOptions): OcsfEvent {
  return datastoreActivity(
    entry,
    textOf(planned['register']),
    { activity: QUERY, severity: 3, status: 0, code: '', detail: '', time: timeOf(entryTime(entry.body)) },
    { unmapped: wholeNumbers({ planned_fetches: planned['fetches'] }) },
    options,
  );
}

/** Returns the Datastore Activity of someone who read the audit log itself. */
export function logReadActivity(entry: StoredEntry, options: OcsfOptions): OcsfEvent {
  const body = entry.body as unknown as Loose;
  const hasFailed = body['ended'] === 'failed';
  return datastoreActivity(
    entry,
    'audit_log',
    {
      activity: READ,
      severity: hasFailed ? 2 : 1,
      status: hasFailed ? 2 : 1,
      code: '',
      detail: '',
      time: timeOf(entryTime(entry.body)),
    },
    {
      unmapped: {
        ...filled({ act: textOf(body['act']), ended: textOf(body['ended']) }),
        ...wholeNumbers({ rows: body['rows'] }),
      },
    },
    options,
  );
}

function datastoreActivity(
  entry: StoredEntry,
  name: string,
  facts: Omit<EventFacts, 'classId' | 'part'>,
  rest: { readonly unmapped: Loose } & Loose,
  options: OcsfOptions,
): OcsfEvent {
  const store = name || 'unknown';
  return {
    ...eventOf(entry, { ...facts, classId: 6005, part: store }, options),
    type_id: 1,
    type: 'Database',
    database: { name: store, type_id: 99, type: 'Register' },
    dst_endpoint: { svc_name: store },
    ...rest,
  };
}
