import { destination as fileDescriptor, pino, stdTimeFunctions, type DestinationStream } from 'pino';
import type { LogFields, LogLevel } from '../schemas/ports/observer.js';
import { mayBePersonal } from './personal.js';

/** Writes one line. */
export type WriteLog = (level: LogLevel, event: string, fields: LogFields) => void;

/** JSON lines, one an event, to a stream (standard error by default: standard output is the commands'). */
export function createLog(level: LogLevel, destination: DestinationStream = fileDescriptor(2)): WriteLog {
  const logger = pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  return (lineLevel, event, fields) => logger[lineLevel](guardFields({ ...fields, event }));
}

/** Nobody should hand an identifier to the log; if somebody does, the field is dropped whole, and the line says so. */
export function guardFields(fields: LogFields): LogFields {
  const guarded = Object.entries(fields).map(([name, value]) =>
    mayBePersonal(name) || mayBePersonal(value) ? ['dropped', true] : [name, value],
  );
  return Object.fromEntries(guarded) as LogFields;
}
