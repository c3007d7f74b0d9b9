import { randomUUID } from 'node:crypto';
import { link, lstat, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../../../schemas/error-code.js';
import { CommandFailure } from '../command-failure.js';

/** Rejects with `CommandFailure` if there is something at this path. */
export async function checkAbsent(file: string): Promise<void> {
  const isThere = await lstat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw taken(file);
}

/**
 * Writes a new file with mode 0600. It has its name only once it is complete and on disk: a file of that name is never a
 * part of an export. Rejects with `CommandFailure` if it cannot be written; nothing is left then.
 */
export async function writeNewFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      for await (const text of texts) await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') throw taken(path);
    if (code === undefined || !OF_FILES.test(code)) throw error;
    throw new CommandFailure('failed', `${path} cannot be written: ${code}`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Codes of the system, not SQLSTATEs. */
const OF_FILES = /^E[A-Z]+$/;

function taken(path: string): CommandFailure {
  return new CommandFailure('usage', `there is something at ${path}: name a file that is not there yet`);
}
