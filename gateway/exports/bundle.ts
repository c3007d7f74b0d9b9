import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileKeys, KeyFailure } from '../../monitoring/audit/checkpoints/keys.js';
import type { LogToExport } from '../../monitoring/audit/export/export-log.js';
import { proveEntry } from '../../monitoring/audit/export/prove-entry.js';
import type { RecordedExport } from '../../monitoring/audit/export/record-export.js';
import { numberOfLog, publicLogName } from '../../monitoring/audit/log-name.js';
import type { SearchFilter } from '../../monitoring/audit/search/filter.js';
import { scanEntries } from '../../monitoring/audit/search/scan.js';
import { isOfAgency } from '../../monitoring/audit/search/scope.js';
import { packageRoot } from '../../schemas/package-root.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Sql } from '../../schemas/ports/sql.js';
import type { Config } from '../config/schema.js';
import { NotExportable, signedLogs } from './signed-logs.js';

/** A file of a bundle. */
export interface BundleFile {
  /** Path in the bundle, with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What proves the entries of a bundle. */
export interface BundleProofs {
  readonly logs: readonly LogToExport[];
  /** Verifier keys. */
  readonly keys: readonly string[];
}

/** Resolves with what proves entries now. Rejects with `NotExportable` if a log has no checkpoint, or none are signed here. */
export async function bundleProofs({
  sql,
  clock,
  config: { audit },
}: {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly config: Pick<Config, 'audit'>;
}): Promise<BundleProofs> {
  const { origin, key_file: keyFile } = audit;
  if (origin === undefined || keyFile === undefined)
    throw new NotExportable('no checkpoints are signed here: the configuration has no audit.key_file');
  const logs = await signedLogs(sql, () => clock.monotonic());
  const keys = createFileKeys(keyFile, () => clock.now());
  const ofLogs = await Promise.all(
    logs.map(({ logId }) =>
      keys.verifierKeys(publicLogName(logId, origin)).catch((error: unknown) => {
        throw error instanceof KeyFailure ? new NotExportable(error.message) : error;
      }),
    ),
  );
  return { logs, keys: ofLogs.flat() };
}

/** Entries that leave as a bundle. */
export interface Bundling extends BundleProofs {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly filter: SearchFilter;
  /** Only entries whose bytes name this agency as that of the caller. */
  readonly onlyAgency?: string | undefined;
  readonly recorded: RecordedExport;
  /** Called with how many entries are left out because no checkpoint signs them yet. */
  readonly leaveOut?: (unproven: number) => void;
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

/**
 * Returns the files of a bundle that someone without Tereze can verify offline: the entries that fit, each with its proof and
 * the checkpoint in it, the keys, and both small verifiers. The last is `SHA256SUMS`: a bundle without it, or with a file of
 * it missing, is not complete. Memory holds a line for each file. Rejects with `ExportDiffers` for an entry that is not what was signed.
 */
export async function* bundleFiles(bundling: Bundling): AsyncGenerator<BundleFile> {
  const sums: string[] = [];
  for await (const file of summedFiles(bundling)) {
    sums.push(`${createHash('sha256').update(file.bytes).digest('hex')}  ${file.path}\n`);
    yield file;
  }
  yield { path: 'SHA256SUMS', bytes: Buffer.from(sums.join('')) };
}

async function* summedFiles(bundling: Bundling): AsyncGenerator<BundleFile> {
  const { logs, keys, leaveOut } = bundling;
  let unproven = 0;
  yield* entryFiles(bundling, () => (unproven += 1));
  for (const { logId, checkpoint } of logs)
    yield { path: `${numberOfLog(logId)}/checkpoint`, bytes: Buffer.from(checkpoint.note) };
  yield { path: 'keys', bytes: Buffer.from(keys.map((key) => `${key}\n`).join('')) };
  for (const name of VERIFIERS)
    yield { path: name, bytes: await readFile(join(packageRoot(), 'docs', 'verify', name)) };
  const late =
    unproven === 0 ? '' : `\nNot in it, because no checkpoint signed them yet: ${unproven} newer entries that fit.\n`;
  yield { path: 'README', bytes: Buffer.from(README + late) };
  leaveOut?.(unproven);
}

async function* entryFiles(
  { sql, clock, filter, onlyAgency, logs, recorded }: Bundling,
  leftOut: () => void,
): AsyncGenerator<BundleFile> {
  const signed = new Map(logs.map((log) => [log.logId, log]));
  let entries = 0;
  for await (const { found } of scanEntries({ sql, clock, filter, but: recorded.id })) {
    for (const { entry } of found) {
      if (onlyAgency !== undefined && !isOfAgency(entry, onlyAgency)) continue;
      const log = signed.get(entry.log);
      const proof = log && (await proveEntry(sql, log, entry));
      if (proof === undefined) leftOut();
      else {
        const path = `${numberOfLog(entry.log)}/${entry.index}`;
        yield { path: `${path}.json`, bytes: entry.bytes };
        yield { path: `${path}.tlog-proof`, bytes: Buffer.from(proof) };
        entries += 1;
      }
    }
    recorded.recordProgress(entries);
  }
}
