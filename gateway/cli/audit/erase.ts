import type { Command } from 'commander';
import { erasePeople, type Erased } from '../../../monitoring/audit/retention/erase.js';
import { textFault } from '../../../schemas/caller-texts/text-fault.js';
import { readConfig } from '../../config/read-config.js';
import { CommandFailure } from '../command-failure.js';
import { configFile, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import { checkAmong, checkReason, instant, notWritten } from './search-options.js';
import { knownNames } from './known-names.js';
import { operator } from './with-log.js';
import { withOwnedLog } from './with-owned-log.js';

interface EraseOptions extends StateChoice {
  readonly law?: string;
  readonly purpose?: string;
  readonly before?: string;
  readonly former?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

const LAW = { least: 3, most: 300 };

/** `tereze audit erase`: what leads from entries to people, as a law demands. */
export function addErase(audit: Command, terminal: Terminal): void {
  audit
    .command('erase')
    .description(
      'As the owner (DATABASE_ADMIN_URL): erase what leads from entries to their people (tokens, salts, sealed identities). Entries stay.',
    )
    .option('--law <text>', 'the law that demands it; the log keeps it')
    .option('--purpose <purpose>', 'only entries for this purpose')
    .option('--before <time>', 'only entries before this time; a day begins in the time zone of the jurisdiction')
    .option('--former', 'take a purpose that the configuration does not have any more')
    .option('--reason <text>', 'why you erase, 10 to 500 characters; the log keeps it')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print what was erased as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit erase --law "Law on personal data, article 12" --purpose housing_queue --before 2025-01-01 --reason "the term of the purpose is over"\n',
    )
    .action((options: EraseOptions) => erase(options, terminal));
}

async function erase(options: EraseOptions, terminal: Terminal): Promise<void> {
  const { purpose, reason } = options;
  const law = lawOf(options.law);
  if (reason === undefined) throw new CommandFailure('usage', 'an erasure needs --reason; the log keeps it');
  checkReason(reason);
  if (purpose === undefined && options.before === undefined)
    throw new CommandFailure('usage', 'name what is erased: --purpose, --before or both');
  if (purpose !== undefined && textFault(purpose) !== undefined) throw notWritten('--purpose', textFault(purpose));
  const config = await readConfig(configFile(options), terminal.environment);
  if (options.former !== true)
    checkAmong('--purpose', purpose, knownNames(config).purpose(), 'Add --former for one of earlier years.');
  const timeZone = config.jurisdiction.time_zone;
  const before = options.before && instant('--before', options.before, { timeZone, isEnd: false });
  await withOwnedLog(config, async (opened) => {
    const now = opened.clock.now();
    const end = before === undefined || before === '' ? now : new Date(before);
    if (end > now) throw new CommandFailure('usage', '--before is in the future');
    const request = { caller: operator(), law, reason: reason.trim(), purpose, before: end };
    const erased = await erasePeople(opened, request);
    terminal.print(options.json ? `${JSON.stringify(erased)}\n` : describe(erased));
  });
}

function lawOf(text: string | undefined): string {
  const law = text?.trim() ?? '';
  if (law.length < LAW.least || law.length > LAW.most)
    throw new CommandFailure('usage', `an erasure names its law: --law takes ${LAW.least} to ${LAW.most} characters`);
  const fault = textFault(law);
  if (fault !== undefined) throw notWritten('--law', fault);
  return law;
}

function describe({ logs, held }: Erased): string {
  const lines = logs.map(({ log, count }) => `${log}: ${count} rows of people erased`);
  if (lines.length === 0) lines.push('Nothing to erase.');
  if (held > 0) lines.push(`${held} entries stay as they are: a legal hold keeps them (tereze hold list).`);
  return `${lines.join('\n')}\n`;
}
