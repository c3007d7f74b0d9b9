import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { YAML_LIMITS } from '../../bounded-yaml.js';
import { programBeside, runReading, type ReadingEnd, type ReadingLimits } from '../../reading/reading-process.js';
import type { Contract } from '../contract.js';
import type { ContractFault, ContractReading, PlacedRule } from '../contract-file.js';
import { contractReply, type ContractsRequest } from './protocol.js';

/** A contract, as read from its file. */
export interface ContractFile extends Contract {
  readonly file: string;
  /** Everything that the contract demands, in the order of the file. */
  readonly rules: readonly PlacedRule[];
}

/** A contract that cannot be used. Each line of the message names the file, the place in it and the fault. */
export class ContractInvalid extends Error {
  constructor(
    readonly file: string,
    readonly faults: readonly ContractFault[],
    options?: { cause?: unknown },
  ) {
    super(faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'), options);
    this.name = 'ContractInvalid';
  }
}

/** Limits of the process that reads contracts; the time is that of one contract. */
export const CONTRACT_LIMITS: ReadingLimits = { timeMs: 30_000, memoryMb: 512, replyBytes: 16 * 1024 * 1024 };

/** UTF-8 has at most three bytes for a UTF-16 code unit. */
const MAX_BYTES = 3 * YAML_LIMITS.length;
/** Contracts on which the process may fail before the others are left unread. */
const MAX_FAILURES = 3;
/** Characters of one fault. */
const MAX_MESSAGE = 2_000;

/** Readings that a reader remembers, and their size as JSON, in UTF-16 code units. */
const MAX_KNOWN = 1_000;
const MAX_KNOWN_SIZE = 64 * 1024 * 1024;

export interface ContractReaderOptions {
  readonly program?: URL;
  readonly limits?: ReadingLimits;
}

/** A contract or, in its place, why it cannot be used. */
export type ReadContract = ContractFile | ContractInvalid;

/**
 * Reads contracts in a process without environment and configuration, with limits of time, memory and size, and
 * remembers what it read by the SHA-256 of the bytes of the file: contracts that have not changed start no process.
 *
 * A reading is remembered, also one that found faults, if its process answered for each of its contracts with a reading.
 * If it failed on any of them, none of its readings is remembered. Number and size of what is remembered are limited;
 * the reading that was not used for the longest time is dropped first.
 *
 * Calls may overlap. Two that read the same new contract at once may start a process each.
 */
export interface ContractReader {
  /**
   * Resolves with one result for each file, in order. A contract that hangs or ends the process fails, and so does one
   * whose reply is no contract; the others are read all the same. Each file is opened at each call.
   */
  read(files: readonly string[]): Promise<readonly ReadContract[]>;
}

/** Creates a reader that remembers nothing yet. It holds no process between calls. */
export function createContractReader({
  program = programBeside(import.meta.url, 'program'),
  limits = CONTRACT_LIMITS,
}: ContractReaderOptions = {}): ContractReader {
  const known = new LRUCache<string, ContractReading>({
    max: MAX_KNOWN,
    maxSize: MAX_KNOWN_SIZE,
    sizeCalculation: (reading) => JSON.stringify(reading).length,
  });
  return { read: (files) => readContracts(files, { program, limits, known }) };
}

interface ReadingParts extends Required<ContractReaderOptions> {
  /** By the hash of the contract's bytes. */
  readonly known: LRUCache<string, ContractReading>;
}

async function readContracts(
  files: readonly string[],
  { program, limits, known }: ReadingParts,
): Promise<readonly ReadContract[]> {
  const read = new Map<string, ReadContract>();
  const bytes = new Map<string, Uint8Array>();
  for (const file of files) {
    const found = bytesOf(file);
    if (found instanceof ContractInvalid) read.set(file, found);
    else {
      bytes.set(file, found);
      const reading = known.get(hashOf(found));
      if (reading) read.set(file, resultOf(file, reading));
    }
  }
  let failures = 0;
  for (let left = unread(bytes, read); left.length > 0; left = unread(bytes, read)) {
    if (failures === MAX_FAILURES) {
      for (const file of left)
        read.set(file, invalid(file, `is not read: ${MAX_FAILURES} contracts ended their reader`));
      break;
    }
    const contracts = left.flatMap((file) => bytes.get(file) ?? []);
    const request: ContractsRequest = { contracts };
    const waiting = [...left];
    const readings: ContractReading[] = [];
    const onReply = (reply: unknown): void => {
      const file = waiting.shift();
      if (file === undefined) return;
      const { data: reading } = contractReply.safeParse(reply);
      if (reading) readings.push(reading);
      read.set(file, reading ? resultOf(file, reading) : invalid(file, NO_CONTRACT));
    };
    const end = await runReading({ program, request, replies: left.length, limits, onReply });
    // A process that failed on one contract is believed about the others, but not for longer than this call.
    if (readings.length === contracts.length)
      for (const [index, contract] of contracts.entries()) known.set(hashOf(contract), readings[index]);
    const [failed] = waiting;
    if (failed === undefined) continue;
    failures += 1;
    read.set(failed, invalid(failed, whyUnread(end, limits)));
  }
  return files.map((file) => read.get(file) ?? invalid(file, 'is not read'));
}

function unread(bytes: ReadonlyMap<string, Uint8Array>, read: ReadonlyMap<string, ReadContract>): readonly string[] {
  return [...bytes.keys()].filter((file) => !read.has(file));
}

function bytesOf(file: string): Uint8Array | ContractInvalid {
  try {
    return statSync(file).size > MAX_BYTES ? invalid(file, `has more than ${MAX_BYTES} bytes`) : readFileSync(file);
  } catch (cause) {
    return invalid(file, cause instanceof Error ? cause.message : 'cannot be read', cause);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function whyUnread(end: ReadingEnd, { timeMs, memoryMb, replyBytes }: ReadingLimits): string {
  switch (end) {
    case 'time':
      return `cannot be read within ${timeMs / 1000} s`;
    case 'size':
      return `says more than ${replyBytes} bytes when its aliases are resolved`;
    case 'ended':
      return `ended the process that reads contracts, which has ${memoryMb} MB`;
    case 'not_started':
      return 'the process that reads contracts cannot be started';
    case 'unreadable':
    case 'replied':
      return NO_CONTRACT;
  }
}

const NO_CONTRACT = 'the process that reads contracts did not answer with a contract';

function resultOf(file: string, reading: ContractReading): ReadContract {
  return 'faults' in reading ? faulty(file, reading) : { ...reading.contract, file, rules: reading.rules };
}

function faulty(file: string, { faults }: Extract<ContractReading, { faults: unknown }>): ContractInvalid {
  const printable = faults.map(({ message, ...place }) => ({
    ...place,
    message: message.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, MAX_MESSAGE),
  }));
  return new ContractInvalid(file, printable);
}

/** A contract that is wrong as a whole. */
function invalid(file: string, message: string, cause?: unknown): ContractInvalid {
  return new ContractInvalid(file, [{ line: 1, column: 1, message }], { cause });
}
