import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type { ContractReader } from '../../schemas/quality/contracts/read-contracts.js';

/** What commands may touch of the process, so that tests can stand in for it. */
export interface Terminal {
  readonly environment: NodeJS.ProcessEnv;
  /** Reads contracts. Without it, a command that reads contracts makes a reader of its own. */
  readonly contracts?: ContractReader | undefined;
  print(text: string): void;
  /**
   * Writes texts as they come, and takes the next one when standard output has taken the one before. Rejects if no one
   * reads any more.
   */
  printAll(texts: AsyncIterable<string>): Promise<void>;
  /** Writes to standard error, beside the printed result. */
  warn(text: string): void;
  /** Standard input to its end. */
  readInput(): Promise<string>;
  /** The first line of standard input, as a person types it. */
  readLine(): Promise<string>;
  /** A line that a person types and that is not shown. Undefined where standard input is no terminal. */
  readonly readHidden?: (() => Promise<string>) | undefined;
  /** The exit code of a command that did its work and was refused. */
  fail(): void;
}

/** The real one. */
export function standardTerminal(): Terminal {
  return {
    environment: process.env,
    print: (output) => void process.stdout.write(output),
    printAll: (texts) => pipeline(texts, process.stdout, { end: false }),
    warn: (output) => void process.stderr.write(output),
    readInput: () => text(process.stdin),
    readLine: () => firstLine(createInterface({ input: process.stdin })),
    readHidden: process.stdin.isTTY ? hiddenLine : undefined,
    fail: () => {
      process.exitCode = 1;
    },
  };
}

async function firstLine(lines: Interface): Promise<string> {
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}

/** With an output of its own, readline takes the echo from the terminal and writes what is typed there. */
async function hiddenLine(): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = await firstLine(createInterface({ input: process.stdin, output: unseen, terminal: true }));
  process.stderr.write('\n');
  return line;
}
