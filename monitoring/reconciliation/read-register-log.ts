import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readCsvLines } from './csv-lines.js';
import { readJsonLines } from './json-lines.js';
import type { LogLine } from './log-line.js';
import { readOpmonRecords, type XroadParties } from './opmon-records.js';

/** As what a register gives its log. */
export type RegisterLogFormat = 'xroad-opmon' | 'jsonl' | 'csv';

export interface RegisterLogOptions {
  readonly format: RegisterLogFormat;
  /** Of `xroad-opmon`: only records between these are calls. */
  readonly parties?: XroadParties | undefined;
}

/**
 * Reads the log of a register line by line; gzip is unpacked. Rejects with `NoCallColumn`, with what reading the bytes
 * rejects with, and with an error of zlib (`code` begins with `Z_`) for bytes that are no gzip after all.
 */
export async function* readRegisterLog(
  bytes: Readable,
  { format, parties }: RegisterLogOptions,
): AsyncGenerator<LogLine> {
  const unpacked = await unpackedOf(bytes);
  if (format === 'csv') yield* readCsvLines(unpacked);
  else if (format === 'jsonl') yield* readJsonLines(unpacked);
  else yield* readOpmonRecords(unpacked, parties ?? { client: [], provider: [] });
}

const GZIP = Buffer.from([0x1f, 0x8b]);

async function unpackedOf(bytes: Readable): Promise<AsyncIterable<Uint8Array>> {
  const chunks = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  const all = async function* (): AsyncGenerator<Buffer> {
    for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
  };
  if (first.done === true || !first.value.subarray(0, 2).equals(GZIP)) return all();
  const gunzip = createGunzip();
  // A failure ends the unpacking, and who reads it gets the failure.
  pipeline(all, gunzip).catch(() => undefined);
  return gunzip;
}
