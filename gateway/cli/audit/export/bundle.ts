import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileKeys, KeyFailure } from '../../../../monitoring/audit/checkpoints/keys.js';
import type { LogToExport } from '../../../../monitoring/audit/export/export-log.js';
import { proveEntry } from '../../../../monitoring/audit/export/prove-entry.js';
import type { RecordedExport } from '../../../../monitoring/audit/export/record-export.js';
import { numberOfLog, publicLogName } from '../../../../monitoring/audit/log-name.js';
import { scanEntries } from '../../../../monitoring/audit/search/scan.js';
import type { SearchFilter } from '../../../../monitoring/audit/search/filter.js';
import type { StoredEntry } from '../../../../monitoring/audit/stored-entry.js';
import { packageRoot } from '../../../../schemas/package-root.js';
import type { Clock } from '../../../../schemas/ports/clock.js';
import type { Config } from '../../../config/schema.js';
import { CommandFailure } from '../../command-failure.js';
import type { Exported, ExportRequested, PreparedExport } from './format.js';
import { rangeOf } from './rows.js';
import { asCommandFailure, checkEmpty, signedLogs, writeInto } from './tiles.js';

type Write = ReturnType<typeof writeInto>;

/**
 * Prepares a directory that someone without Tereze can verify offline: the entries that fit, each with its proof and the
 * checkpoint in it, the keys, and both small verifiers. Rejects with `CommandFailure` if a log that has entries has no checkpoint,
 * or if there is something in the directory.
 */
export async function prepareBundle(requested: ExportRequested): Promise<PreparedExport> {
  const { opened, options, config } = requested;
  const { out } = options;
  if (out === undefined) throw new CommandFailure('usage', '--format bundle needs --out, the directory that is made');
  await checkEmpty(out);
  const { limit, filter, filters } = await rangeOf(requested);
  const logs = await signedLogs(opened.sql, () => opened.clock.monotonic());
  const keys = await keysOf(config, logs, opened.clock);
  return {
    limit,
    filters,
    write: async (recorded): Promise<Exported> => {
      const { write, sums } = summing(writeInto(out));
      const { entries, unproven } = await writeEntries(requested, { filter, logs, recorded, write });
      for (const { logId, checkpoint } of logs)
        await write(join(String(numberOfLog(logId)), 'checkpoint'), Buffer.from(checkpoint.note));
      await write('keys', Buffer.from(keys.map((key) => `${key}\n`).join('')));
      for (const name of VERIFIERS) await write(name, await readFile(join(packageRoot(), 'docs', 'verify', name)));
      await write('README', Buffer.from(README));
      // The last file: without it, or with a file of it missing, the bundle is not complete.
      await writeInto(out)('SHA256SUMS', Buffer.from(sums.map((line) => `${line}\n`).join('')));
      const late = unproven === 0 ? '' : ` ${unproven} newer ones are not in it: no checkpoint signs them yet.`;
      return {
        entries,
        text: `${entries} ${entries === 1 ? 'entry' : 'entries'} with proofs in ${out}.${late}\nThis export is recorded as ${recorded.id}.\n`,
        json: { entries, unproven, directory: out, exportId: recorded.id },
      };
    },
  };
}

const VERIFIERS = ['verify.py', 'verify.go'];

const README = `Entries of the audit log of Tereze, with what proves them.

<log>/<index>.json         an entry, the bytes that were hashed
<log>/<index>.tlog-proof   its place in the log (C2SP tlog-proof), with the signed checkpoint
<log>/checkpoint           the newest checkpoint of the log (C2SP tlog-checkpoint)
keys                       verifier keys. Compare them with the keys that you were given elsewhere: a forger would forge these, too
verify.py, verify.go       verifiers without any code of Tereze (Python 3 and openssl; Go and golang.org/x/mod)
SHA256SUMS                 all other files; written last

Is the bundle complete?    sha256sum -c SHA256SUMS
Is an entry in the log?    python3 verify.py --entry 0/16.json proof 0/16.tlog-proof KEY
`;

interface WritingEntries {
  readonly filter: SearchFilter;
  readonly logs: readonly LogToExport[];
  readonly recorded: RecordedExport;
  readonly write: Write;
}

async function writeEntries(
  { opened: { sql, clock } }: ExportRequested,
  { filter, logs, recorded, write }: WritingEntries,
): Promise<{ readonly entries: number; readonly unproven: number }> {
  const signed = new Map(logs.map((log) => [log.logId, log]));
  const proofOf = async (entry: StoredEntry): Promise<string | undefined> => {
    const log = signed.get(entry.log);
    return log && proveEntry(sql, log, entry).catch(asCommandFailure);
  };
  let entries = 0;
  let unproven = 0;
  for await (const { found } of scanEntries({ sql, clock, filter, but: recorded.id })) {
    for (const { entry } of found) {
      const proof = await proofOf(entry);
      if (proof === undefined) unproven += 1;
      else {
        const path = join(String(numberOfLog(entry.log)), String(entry.index));
        await write(`${path}.json`, entry.bytes);
        await write(`${path}.tlog-proof`, Buffer.from(proof));
        entries += 1;
      }
    }
    recorded.recordProgress(entries);
  }
  return { entries, unproven };
}

/** Writes as `write` does, and keeps a line of `sha256sum` for each file. */
function summing(write: Write): { readonly write: Write; readonly sums: readonly string[] } {
  const sums: string[] = [];
  return {
    sums,
    write: async (path, bytes) => {
      await write(path, bytes);
      sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${path}`);
    },
  };
}

async function keysOf({ audit }: Config, logs: readonly LogToExport[], clock: Clock): Promise<readonly string[]> {
  const { origin, key_file: keyFile } = audit;
  if (origin === undefined || keyFile === undefined)
    throw new CommandFailure('failed', 'no checkpoints are signed here: the configuration has no audit.key_file');
  const keys = createFileKeys(keyFile, () => clock.now());
  const ofLogs = await Promise.all(
    logs.map(({ logId }) =>
      keys.verifierKeys(publicLogName(logId, origin)).catch((error: unknown) => {
        throw error instanceof KeyFailure ? new CommandFailure('failed', error.message) : error;
      }),
    ),
  );
  return ofLogs.flat();
}
