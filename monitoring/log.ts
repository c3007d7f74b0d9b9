import { destination as fileDescriptor, pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { LogFields, LogLevel } from '../schemas/ports/observer.js';

/** Writes one line. */
export type WriteLog = (level: LogLevel, event: string, fields: LogFields) => void;

/** JSON lines, one an event, to a stream (standard error by default: standard output is the commands'). */
export function createLog(level: LogLevel, destination: DestinationStream = fileDescriptor(2)): WriteLog {
  const logger = pino({ level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, destination);
  return (lineLevel, event, fields) => logger[lineLevel]({ event, ...guarded(fields) });
}

/** Nobody should hand an identifier to the log; if somebody does, the field is dropped whole. */
function guarded(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, looksPersonal(value) ? '[dropped]' : value]));
}

const TWELVE_DIGITS = /(?<![0-9a-f-])[0-9]{12}(?![0-9a-f])/i;

function looksPersonal(value: LogFields[string]): boolean {
  return TWELVE_DIGITS.test(String(value));
}
