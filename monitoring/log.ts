import { destination as fileDescriptor, pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { LogFields, LogLevel } from '../schemas/ports/observer.js';
import { mayBePersonal } from './personal.js';

/** Writes one line. */
export type WriteLog = (level: LogLevel, event: string, fields: LogFields) => void;

/** Writes JSON lines, one for each event, to a stream. Default: standard error, because commands print to standard output. */
export function createLog(level: LogLevel, destination: DestinationStream = standardError()): WriteLog {
  const logger = pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  return (lineLevel, event, fields) => logger[lineLevel](guardFields({ ...fields, event }));
}

/** Standard error. A line that cannot be written is lost: a terminal that was closed does not end the process. */
function standardError(): DestinationStream {
  return fileDescriptor(2).on('error', () => undefined);
}

/** Drops every field that may hold a person's identifier, and says so in the line. No code should log one. */
export function guardFields(fields: LogFields): LogFields {
  const guarded = Object.entries(fields).map(([name, value]) =>
    mayBePersonal(name) || mayBePersonal(value) ? ['dropped', true] : [name, value],
  );
  return Object.fromEntries(guarded) as LogFields;
}
