import { ocsfEvents, type OcsfEvent } from '../../../monitoring/audit/formats/ocsf/events-of-entry.js';
import { completionDraft } from '../audit/drafts.js';
import { storedBody } from '../audit/formats/stored-entries.js';

/** Events of the entries of a log from one index up to another, one each. */
export function eventsOf(from: number, to: number): readonly OcsfEvent[] {
  return Array.from({ length: to - from }, (_, nth) => from + nth).flatMap((index) =>
    ocsfEvents(storedBody(completionDraft(`r${index}`).body, index), { cases: false }),
  );
}
