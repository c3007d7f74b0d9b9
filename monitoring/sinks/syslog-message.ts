import type { OcsfEvent } from '../audit/formats/ocsf/event.js';

export interface SyslogOptions {
  readonly hostname: string;
  /** Longest message, in bytes. */
  readonly maxBytes: number;
}

/** Facility `log audit` (RFC 5424, section 6.2.1). */
const FACILITY = 13;
/** Severities of syslog by those of OCSF: informational, notice, warning, error. */
const SEVERITIES: Readonly<Record<number, number>> = { 1: 6, 2: 5, 3: 4, 4: 3 };
const NOTICE = 5;
const NO_STRUCTURED_DATA = '-';
const NO_PROCESS = '-';

/**
 * Returns an event as a message of RFC 5424, with its length before it (octet counting, RFC 5425, section 4.3.1). The
 * message is ASCII: other characters of the JSON are escaped.
 */
export function syslogFrame(event: OcsfEvent, options: SyslogOptions): string {
  const message = boundedMessage(event, options);
  return `${message.length} ${message}`;
}

function boundedMessage(event: OcsfEvent, { hostname, maxBytes }: SyslogOptions): string {
  const head = headOf(event, hostname);
  const whole = head + asciiJson(event);
  if (whole.length <= maxBytes) return whole;
  return head + asciiJson(shortened(event));
}

/** Members whose length an entry decides. */
const LONG: readonly string[] = ['message', 'resources', 'status_detail', 'unmapped'];

/** Who, when, what and how it ended, and where the entry is: at most about a kilobyte. */
function shortened(event: OcsfEvent): object {
  return {
    ...Object.fromEntries(Object.entries(event).filter(([name]) => !LONG.includes(name))),
    metadata: { ...event.metadata, is_truncated: true },
    unmapped: { shortened: true },
  };
}

function headOf({ class_uid: classId, severity_id: severity, time }: OcsfEvent, hostname: string): string {
  const priority = FACILITY * 8 + (SEVERITIES[Number(severity)] ?? NOTICE);
  const stamp = new Date(Number(time)).toISOString();
  return `<${priority}>1 ${stamp} ${hostname} tereze ${NO_PROCESS} ocsf-${classId} ${NO_STRUCTURED_DATA} `;
}

function asciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
