import { isIP } from 'node:net';
import { publicLogName } from '../../log-name.js';
import { membersOf, textOf, type Loose } from '../../loose-body.js';
import type { StoredEntry } from '../../stored-entry.js';

/** What an event may say, and how it names the log. */
export interface OcsfOptions {
  /** `log.example.kz/tereze`: log 3 is named `log.example.kz/tereze/3`. Without it, `tereze/3`. */
  readonly origin?: string | undefined;
  /** Whether case numbers, and what people wrote as their reason, may be in the event. */
  readonly cases: boolean;
}

/** What events of both classes have. Their other members are those of OCSF. */
export interface OcsfHead {
  readonly class_uid: 6003 | 6005;
  readonly metadata: EventMetadata;
  readonly [member: string]: unknown;
}

/** An event of OCSF 1.8.0. */
export interface OcsfEvent extends OcsfHead {
  /** What OCSF has no member for. */
  readonly unmapped: Loose;
}

/** Where an event comes from. */
export interface EventMetadata {
  readonly version: typeof OCSF_VERSION;
  readonly product: { readonly name: string; readonly vendor_name: string };
  /** Id of the event: `<log>/<index>`, for a register `<log>/<index>/<register>`. The same whenever the entry is sent. */
  readonly uid: string;
  /** Position of the entry: `<log>/<index>`. */
  readonly original_event_uid: string;
  /** Id of the request: all its events have the same. */
  readonly correlation_uid: string;
  readonly log_name: string;
  /** Index of the entry in its log. */
  readonly sequence: number;
  readonly logged_time: number;
  /** `leaf_hash`: SHA-256(0x00 ‖ bytes of the entry), hex. */
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}

/** The version of OCSF, released on 2026-03-16. */
const OCSF_VERSION = '1.8.0';

const CLASSES = { 6003: 'API Activity', 6005: 'Datastore Activity' } as const;
const SEVERITIES = { 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High' } as const;
const STATUSES = { 0: 'Unknown', 1: 'Success', 2: 'Failure' } as const;

export type SeverityId = keyof typeof SEVERITIES;
export type StatusId = keyof typeof STATUSES;

/** What is different in each event of an entry. */
export interface EventFacts {
  readonly classId: OcsfEvent['class_uid'];
  readonly activity: { readonly id: number; readonly name: string };
  /** Added to the position of the entry in the id of the event. */
  readonly part?: string;
  readonly severity: SeverityId;
  readonly status: StatusId;
  readonly code: string;
  readonly detail: string;
  /** Milliseconds of the epoch. */
  readonly time: number;
}

/** Returns the members that events of both classes have. A caption stands beside each id. */
export function eventOf(entry: StoredEntry, facts: EventFacts, options: OcsfOptions): OcsfHead {
  const { classId, activity, severity, status, code, detail, time } = facts;
  const className = CLASSES[classId];
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: 6,
    category_name: 'Application Activity',
    class_uid: classId,
    class_name: className,
    type_uid: classId * 100 + activity.id,
    type_name: `${className}: ${activity.name}`,
    severity_id: severity,
    severity: SEVERITIES[severity],
    status_id: status,
    status: STATUSES[status],
    ...filled({ status_code: code, status_detail: detail }),
    time,
    metadata: metadataOf(entry, facts.part, options),
    ...partiesOf(entry),
  };
}

function metadataOf(
  { log, index, leafHash, body }: StoredEntry,
  part: string | undefined,
  { origin }: OcsfOptions,
): EventMetadata {
  const logName = publicLogName(log, origin);
  const position = `${logName}/${index}`;
  return {
    version: OCSF_VERSION,
    product: { name: 'Tereze', vendor_name: 'Tereze' },
    uid: part === undefined ? position : `${position}/${part}`,
    original_event_uid: position,
    correlation_uid: textOf(body.requestId) || position,
    log_name: logName,
    sequence: index,
    logged_time: timeOf(entryTime(body)),
    tags: [{ name: 'leaf_hash', value: leafHash }],
  };
}

/**
 * Who acts, and from where. A citizen is not named. Requests that were refused before authentication have the network
 * address only.
 */
function partiesOf({ body: stored }: StoredEntry): Loose {
  const body = stored as unknown as Loose;
  const isCounted = body['kind'] === 'refusals';
  const caller = isCounted ? body : membersOf(body['caller']);
  const system = textOf(caller['system']);
  const agency = textOf(caller['agency']);
  const officer = textOf(caller['officer'] ?? caller['actor']);
  const user = {
    uid: officer,
    type_id: 1,
    type: 'User',
    ...(agency === '' ? {} : { org: { uid: agency } }),
  };
  return {
    actor: { app_uid: system || SELF, ...(officer === '' ? {} : { user }) },
    src_endpoint: isCounted ? sourceOf(textOf(body['source']), system) : { uid: system || SELF },
  };
}

/** The gateway itself, and its command line. */
const SELF = 'tereze';

function sourceOf(source: string, system: string): Loose {
  return {
    ...(source === '' ? { name: 'unknown' } : isIP(source) > 0 ? { ip: source } : { name: source }),
    ...filled({ uid: system }),
  };
}

/** Returns the members whose texts are not empty. An export makes a dozen of these for each entry: a loop costs least. */
export function filled(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name in texts) {
    const text = texts[name];
    if (text !== undefined && text !== '') kept[name] = text;
  }
  return kept;
}

/** Returns the members that are whole numbers. */
export function wholeNumbers(values: Loose): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(values).filter((one): one is [string, number] => Number.isSafeInteger(one[1])),
  );
}

/** Returns the time of an entry, in ISO 8601. */
export function entryTime(body: { readonly at?: unknown }): string {
  return textOf(body.at);
}

/** Returns a time as milliseconds of the epoch; 0 for a text that is none. */
export function timeOf(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}
