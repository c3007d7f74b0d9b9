import { readFile } from 'node:fs/promises';
import { CommandFailure } from '../command-failure.js';
import type { Terminal } from '../terminal.js';

/** Resolves with an answer that a caller kept as it came, from a file or, for `-`, from standard input. Any other text is wrong use. */
export async function readKeptAnswer(source: string, terminal: Terminal): Promise<unknown> {
  const text = source === '-' ? await terminal.readInput() : (await readGivenFile(source)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure('usage', 'the kept answer is not JSON; keep it with `tereze ask ... --json`');
  }
}

/** Resolves with the bytes of a file that the command line names. One that cannot be read is wrong use. */
export async function readGivenFile(file: string): Promise<Buffer> {
  return readFile(file).catch(() => {
    throw new CommandFailure('usage', `cannot read ${file}`);
  });
}
