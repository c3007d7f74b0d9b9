import { instantMs } from '../../schemas/time/instant.js';

/** A call, as the log of a register has it. */
export interface LoggedCall {
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
  /** Id that the call carried. Null if it carried none. */
  readonly id: string | null;
  /** When it arrived at the register and when its answer left, in milliseconds of the epoch. Null if the log does not say. */
  readonly requestInTs: number | null;
  readonly responseOutTs: number | null;
  /** Of X-Road, the security server that wrote it. Two servers write one call. */
  readonly server: 'Client' | 'Producer' | null;
}

/** Why a line is not taken. */
export type LineFault =
  /** Not JSON, or not one record. */
  | 'json'
  /** More or fewer cells than the head. */
  | 'cells'
  /** The id is no text. */
  | 'id'
  /** A time that is none, or without its zone. */
  | 'time'
  /** Longer than 64 KiB. */
  | 'length'
  /** Not UTF-8. */
  | 'encoding'
  /** The file ends within it. */
  | 'end';

/** What one line of a register's log says. */
export type LogLine =
  | ({ readonly kind: 'call' } & LoggedCall)
  | { readonly kind: 'broken'; readonly line: number; readonly fault: LineFault }
  /** A call of another client, or to another provider. */
  | { readonly kind: 'other'; readonly line: number };

/** Longest line that is read, in characters. */
export const MAX_LINE = 65_536;

/** Values of a call, unread. */
export interface RawCall {
  readonly id: unknown;
  readonly requestInTs: unknown;
  readonly responseOutTs: unknown;
  readonly server?: unknown;
}

/** Returns the call on a line, or why it is none. */
export function callOn(line: number, { id, requestInTs, responseOutTs, server }: RawCall): LogLine {
  if (!isAbsent(id) && (typeof id !== 'string' || id.length > MAX_ID)) return { kind: 'broken', line, fault: 'id' };
  const times = { requestInTs: timeOf(requestInTs), responseOutTs: timeOf(responseOutTs) };
  if (times.requestInTs === undefined || times.responseOutTs === undefined)
    return { kind: 'broken', line, fault: 'time' };
  return {
    kind: 'call',
    line,
    id: isAbsent(id) ? null : (id as string),
    requestInTs: times.requestInTs,
    responseOutTs: times.responseOutTs,
    server: server === 'Client' || server === 'Producer' ? server : null,
  };
}

const MAX_ID = 1_024;
/** Milliseconds from 2001 to 5138: seconds of the epoch, as some logs have them, are no such number. */
const LEAST_MS = 1e12;
const MOST_MS = 1e14;

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Milliseconds of the epoch, or a text with them or with a time of RFC 3339. Undefined for anything else. */
function timeOf(value: unknown): number | null | undefined {
  if (isAbsent(value)) return null;
  const ms =
    typeof value === 'number'
      ? value
      : typeof value !== 'string'
        ? undefined
        : /^\d{13,14}$/.test(value)
          ? Number(value)
          : instantMs(value);
  return ms !== undefined && Number.isInteger(ms) && ms >= LEAST_MS && ms < MOST_MS ? ms : undefined;
}
