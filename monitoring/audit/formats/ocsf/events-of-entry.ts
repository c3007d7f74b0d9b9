import { itemsOf, type Loose } from '../../loose-body.js';
import type { StoredEntry } from '../../stored-entry.js';
import { apiActivity } from './api-activity.js';
import { logReadActivity, plannedActivity, registerActivity } from './datastore-activity.js';
import type { OcsfEvent, OcsfOptions } from './event.js';

export type { OcsfEvent, OcsfOptions };

/**
 * Returns the events of an entry in OCSF 1.8.0: one API Activity (6003) for a request, refusal or act, and one Datastore
 * Activity (6005) for each register that it asked. All events of a request have one `metadata.correlation_uid`.
 *
 * - An intent has no event: how its request ended always follows, and that has.
 * - Of people an event has the number only: no token, no commitment, no consent. Case numbers are in it where `cases` says so.
 * - Never throws: an entry whose bytes someone changed, or of a kind that this program does not know, has an event too.
 */
export function ocsfEvents(entry: StoredEntry, options: OcsfOptions): readonly OcsfEvent[] {
  const body = entry.body as unknown as Loose;
  switch (entry.body.kind) {
    case 'intent':
      return [];
    case 'audit_read_end':
      return [logReadActivity(entry, options)];
    case 'completion':
      return [
        apiActivity(entry, options),
        ...itemsOf(body['registers']).map((used) => registerActivity(entry, used, options)),
        ...itemsOf(body['planned']).map((planned) => plannedActivity(entry, planned, options)),
      ];
    default:
      return [apiActivity(entry, options)];
  }
}
