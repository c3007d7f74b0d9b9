import type { Command } from 'commander';
import { KeyFailure, rotateKeys } from '../../../monitoring/audit/checkpoints/keys.js';
import { stateEntry } from '../../../monitoring/audit/entries.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { readConfig } from '../../config/read-config.js';
import { writeDurably } from '../../state/durable-file.js';
import { CommandFailure } from '../command-failure.js';
import { configFile, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { searchGrounds } from './search-options.js';
import { withLog } from './with-log.js';

interface RotateOptions extends StateChoice {
  readonly reason?: string;
  readonly json?: boolean;
}

/** `tereze audit key rotate`: a new key signs checkpoints, and the former ones for another 24 hours. */
export function addRotate(key: Command, terminal: Terminal): void {
  key
    .command('rotate')
    .description('Sign checkpoints with a new key. An entry names it; the former key signs for another 24 hours.')
    .option('--reason <text>', 'why, 10 to 500 characters; the log keeps it')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  npx tereze audit key rotate --reason "yearly change of the key"\n')
    .action((_options: RotateOptions, command: Command) => rotate(command.optsWithGlobals(), terminal));
}

async function rotate(options: RotateOptions, terminal: Terminal): Promise<void> {
  if (options.reason === undefined) throw new CommandFailure('usage', 'a new key needs --reason; the log keeps it');
  const { reason } = searchGrounds({ reason: options.reason }, []);
  const config = await readConfig(configFile(options), terminal.environment);
  const { origin, key_file: file } = config.audit;
  if (origin === undefined || file === undefined)
    throw new CommandFailure('failed', 'no checkpoints are signed here: the configuration has no audit.key_file');
  await withLog(config, async ({ sql, log, clock, random }) => {
    const at = clock.now();
    const { publicKey, until, text } = await rotateKeys(file, at).catch((error: unknown) => {
      throw error instanceof KeyFailure ? new CommandFailure('failed', error.message) : error;
    });
    const facts = {
      requestId: random.uuid(),
      at,
      reason: reason ?? '',
      epoch: await readEpoch(sql),
      closedLogs: [],
      publicKey,
    };
    // The entry first: a key that signs is always named. One that is named and never signs does no harm.
    await log.append({ body: stateEntry({ act: 'checkpoint_key_rotated', ...facts }), beside: {} });
    writeKeys(file, text);
    terminal.print(
      options.json === true
        ? `${JSON.stringify({ publicKey, formerSignsUntil: until.toISOString() })}\n`
        : `A new key signs checkpoints, and the former one until ${until.toISOString()}.\nGive outsiders its verifier keys: tereze audit key --log ${origin}/0\n`,
    );
  });
}

async function readEpoch(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ readonly epoch: string }>('SELECT epoch FROM state_epoch');
  return Number(rows[0]?.epoch ?? 0);
}

function writeKeys(file: string, text: string): void {
  try {
    writeDurably(file, text);
  } catch {
    throw new CommandFailure(
      'failed',
      `${file} cannot be written, so the former key still signs`,
      'The entry names a key that is never used. Repeat the command where the file can be written.',
    );
  }
}
