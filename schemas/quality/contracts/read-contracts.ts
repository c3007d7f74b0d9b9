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

export interface ReadContractsOptions {
  readonly program?: URL;
  readonly limits?: ReadingLimits;
}

/** A contract or, in its place, why it cannot be used. */
export type ReadContract = ContractFile | ContractInvalid;

/**
 * Reads contracts in one process without environment and configuration, with limits of time, memory and size. Resolves
 * with one result for each file, in order. A contract that hangs or ends the process fails, and so does one whose reply
 * is no contract; the others are read all the same.
 */
export async function readContracts(
  files: readonly string[],
  { program = programBeside(import.meta.url, 'program'), limits = CONTRACT_LIMITS }: ReadContractsOptions = {},
): Promise<readonly ReadContract[]> {
  const read = new Map<string, ReadContract>();
  const bytes = new Map<string, Uint8Array>();
  for (const file of files) {
    const found = bytesOf(file);
    if (found instanceof ContractInvalid) read.set(file, found);
    else bytes.set(file, found);
  }
  let failures = 0;
  for (let left = unread(bytes, read); left.length > 0; left = unread(bytes, read)) {
    if (failures === MAX_FAILURES) {
      for (const file of left)
        read.set(file, invalid(file, `is not read: ${MAX_FAILURES} contracts ended their reader`));
      break;
    }
    const request: ContractsRequest = { contracts: left.flatMap((file) => bytes.get(file) ?? []) };
    const waiting = [...left];
    const onReply = (reply: unknown): void => {
      const file = waiting.shift();
      if (file !== undefined) read.set(file, contractOf(file, reply));
    };
    const end = await runReading({ program, request, replies: left.length, limits, onReply });
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

function contractOf(file: string, reply: unknown): ReadContract {
  const { data } = contractReply.safeParse(reply);
  if (data === undefined) return invalid(file, NO_CONTRACT);
  return 'faults' in data ? faulty(file, data) : { ...data.contract, file, rules: data.rules };
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
