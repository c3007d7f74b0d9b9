import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { readProvenRoots } from '../../../monitoring/anchors/stored-anchors.js';
import { verifyProofs } from '../../../monitoring/anchors/verify-proofs.js';
import { numberOfLog, publicLogName, storedLogName } from '../../../monitoring/audit/log-name.js';
import { parseCheckpoint, type Checkpoint } from '../../../monitoring/audit/tree/checkpoint.js';
import { openNote, type NoteVerifier } from '../../../monitoring/audit/tree/open-note.js';
import { BrokenKeptTree, keepTreesIn } from '../../../monitoring/audit/verify/kept-trees.js';
import { watchTileFiles } from '../../../monitoring/audit/verify/tile-files.js';
import type { KnownRoot } from '../../../monitoring/audit/verify/verify-log.js';
import { verifyLogs, type VerifiedLog, type VerifiedTree } from '../../../monitoring/audit/verify/verify-logs.js';
import { readConfig } from '../../config/read-config.js';
import type { Config } from '../../config/schema.js';
import { CommandFailure } from '../command-failure.js';
import { readVerifierKeys } from './key.js';
import { checkedAnchors } from './checked-anchors.js';
import { configFile, withState, type StateChoice } from '../installed-state.js';
import { collect } from '../options.js';
import type { Terminal } from '../terminal.js';
import { readVerifierKey } from '../verifier-key.js';
import { LastEntryMissing } from '../../state/anchor/database-head.js';
import { describeStanding, type Standing } from '../../state/anchor/standing.js';
import { faultsOutside, standingOutside } from './standing-outside.js';

interface VerifyCommandOptions extends StateChoice {
  readonly log?: string;
  readonly tiles?: string;
  readonly old: readonly string[];
  readonly key: readonly string[];
  readonly kept?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** A checkpoint that a given key signed, and where it was read. */
interface SignedCheckpoint extends Checkpoint {
  /** Name of its log in the database. */
  readonly log: string;
  readonly source: string;
}

/** `tereze audit verify`: whether the log is as it was written. */
export function addVerify(audit: Command, terminal: Terminal): void {
  audit
    .command('verify')
    .description(
      'Check every entry with its hash, columns and rows beside it, and the tree over all. Names the first fault of each log; exit code 1.',
    )
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--log <name>', 'only this log, such as tereze/0')
    .option('--tiles <dir>', 'compare a directory of tiles too, as `tereze audit export --format tiles` writes it')
    .option(
      '--old <checkpoint>',
      'a file with an earlier checkpoint, from which the log must have grown (repeatable)',
      collect,
      [],
    )
    .option('--key <vkey>', 'verifier key of the checkpoints, `name+id+base64` (repeatable)', collect, [])
    .option(
      '--kept <dir>',
      'where the next verification finds what was verified; else `verified` beside the configuration',
    )
    .option('--all', 'begin with the first entries, not where the last verification ended')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit verify\n  npx tereze audit verify --log tereze/0 --old monday.checkpoint --key "$VKEY"\n',
    )
    .action((options: VerifyCommandOptions) => verify(options, terminal));
}

async function verify(options: VerifyCommandOptions, terminal: Terminal): Promise<void> {
  const verifiers = options.key.map(readVerifierKey);
  const config = await readConfig(configFile(options), terminal.environment);
  const { origin } = config.audit;
  const anchors = checkedAnchors(config);
  const named = options.log === undefined ? undefined : storedLogName(options.log, origin);
  if (options.log !== undefined && named === undefined)
    throw new CommandFailure('usage', `there is no log ${options.log}`);
  const read = (path: string): Promise<SignedCheckpoint> => readCheckpoint(path, verifiers, origin);
  const olds = await Promise.all(options.old.map(read));
  const kept = keepTreesIn(options.kept ?? join(dirname(configFile(options)), 'verified'));
  const verifiedBefore = async (log: string): Promise<VerifiedTree | undefined> =>
    options.all === true ? undefined : kept.read(log).catch(asCommandFailure);
  const directoryOf = (log: string): string | undefined => tileDirectory(options.tiles, named, log);
  const { standing, results } = await withState(options, terminal, async ({ sql }) => {
    const standing = await standingOutside(config, sql).catch(asCurrent);
    const results = await verifyLogs(sql, {
      log: named,
      faultsOutside: faultsOutside(standing),
      verifiedBefore,
      isReadAgain: (log) => directoryOf(log) !== undefined,
      knownRoots: async (log, size) => {
        const directory = directoryOf(log);
        const signed = [...olds, ...(directory === undefined ? [] : [await read(join(directory, 'checkpoint'))])];
        const proven = await readProvenRoots(sql, log, { from: (await verifiedBefore(log))?.size ?? 0, to: size });
        return [...signed.filter((one) => one.log === log).map(knownRoot), ...proven.map(provenRoot)];
      },
      watchers: async (log) => {
        const directory = directoryOf(log);
        if (directory === undefined) return [];
        const { size } = await read(join(directory, 'checkpoint'));
        return [watchTileFiles(directory, size)];
      },
      signedAs: async (log) => ({
        publicLog: origin === undefined ? undefined : publicLogName(log, origin),
        verifiers: [...verifiers, ...(await ownVerifiers(config, log))],
      }),
      checkBeside: (checked) => verifyProofs(sql, anchors, checked),
      onVerified: async ({ log, fault }, tree) => {
        if (fault === undefined) await kept.keep(log, tree);
      },
    });
    return { standing, results };
  });
  if (options.log !== undefined && results.length === 0)
    throw new CommandFailure('failed', `there is no log ${options.log} with entries`);
  if (standing.kind !== 'current') terminal.warn(`${describeStanding(standing)}\n`);
  if (standing.kind !== 'current' || results.some(({ fault }) => fault !== undefined)) terminal.fail();
  terminal.print(options.json ? `${JSON.stringify(results)}\n` : results.map(describe).join(''));
}

/** A log whose last entry is missing cannot be compared with the heads outside; the entry is named by its verification. */
function asCurrent(error: unknown): Standing {
  if (error instanceof LastEntryMissing) return { kind: 'current' };
  throw error;
}

/** The keys of this installation, which sign now or did so lately. */
async function ownVerifiers({ audit }: Config, log: string): Promise<readonly NoteVerifier[]> {
  const { origin, key_file: keyFile } = audit;
  if (origin === undefined || keyFile === undefined) return [];
  return (await readVerifierKeys(keyFile, publicLogName(log, origin))).map(readVerifierKey);
}

function knownRoot({ size, root, source }: SignedCheckpoint): KnownRoot {
  return { size, root, source, kind: 'growth' };
}

function provenRoot({ size, root }: { readonly size: number; readonly root: Uint8Array }): KnownRoot {
  return { size, root, source: 'the checkpoint that is proven outside', kind: 'growth' };
}

/** A directory of this log: below the one that was named, or that one itself if one log was named. */
function tileDirectory(tiles: string | undefined, named: string | undefined, log: string): string | undefined {
  if (tiles === undefined) return undefined;
  const below = join(tiles, String(numberOfLog(log)));
  if (existsSync(join(below, 'checkpoint'))) return below;
  return named === log && existsSync(join(tiles, 'checkpoint')) ? tiles : undefined;
}

async function readCheckpoint(
  path: string,
  verifiers: readonly NoteVerifier[],
  origin: string | undefined,
): Promise<SignedCheckpoint> {
  if (verifiers.length === 0)
    throw new CommandFailure('usage', `${path} is believed only with the verifier key of its log: name it with --key`);
  const note = await readFile(path, 'utf8').catch(() => {
    throw new CommandFailure('usage', `cannot read ${path}`);
  });
  const opened = openNote(note, verifiers);
  if (typeof opened === 'string') throw new CommandFailure('failed', `${path}: ${NOTE_FAULTS[opened]}`);
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint === undefined) throw new CommandFailure('failed', `${path}: ${NOTE_FAULTS.malformed}`);
  if (!opened.verifiers.some(({ name }) => name === checkpoint.origin))
    throw new CommandFailure('failed', `${path}: is of ${checkpoint.origin}, whose key did not sign it`);
  const log = storedLogName(checkpoint.origin, origin);
  if (log === undefined)
    throw new CommandFailure('failed', `${path}: is of ${checkpoint.origin}, which is no log of this installation`);
  return { ...checkpoint, log, source: path };
}

const NOTE_FAULTS = {
  malformed: 'is not a checkpoint',
  unknown_keys: 'no given key signed it',
  wrong_signature: 'the signature is wrong',
} as const;

function asCommandFailure(error: unknown): never {
  if (error instanceof BrokenKeptTree)
    throw new CommandFailure('failed', `${error.path} cannot be read`, 'Begin with the first entries: --all.');
  throw error;
}

function describe({
  log,
  size,
  from,
  root,
  withoutTokens,
  erased,
  archived,
  fault,
  lost,
  proofs,
}: VerifiedLog): string {
  const begun = from > 0 ? ` (the first ${from} by an earlier verification)` : '';
  const lines = [
    fault === undefined
      ? `${log}: ${size} entries verified${begun}, root ${root}`
      : `${log}: FAULT ${fault.kind} at ${fault.index}: ${fault.text}`,
  ];
  if (fault === undefined && proofs !== undefined) lines.push(`  ${proofs} proofs from outside hold.`);
  if (withoutTokens > 0)
    lines.push(
      `  ${withoutTokens} entries of versions 1 to 3 do not commit to the index tokens of their people: a changed token is not seen there.`,
    );
  if (archived !== undefined) lines.push(`  ${archived} entries are in an archive: their hashes are in the tree.`);
  if (erased !== undefined)
    lines.push(`  ${erased} rows of people were erased: entries of kind retention say by which law.`);
  if (lost !== undefined)
    lines.push(
      `  Entries ${lost.size} to ${lost.headSize - 1} were lost when the database went back in time: entry ${lost.entry.log}/${lost.entry.index} says so.`,
    );
  return `${lines.join('\n')}\n`;
}
