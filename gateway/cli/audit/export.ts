import type { Command } from 'commander';
import type { AuditExportFormat } from '../../../monitoring/audit/entries.js';
import { recordExport } from '../../../monitoring/audit/export/record-export.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { readConfig } from '../../config/read-config.js';
import { CommandFailure } from '../command-failure.js';
import { configFile } from '../installed-state.js';
import type { Terminal } from '../terminal.js';
import type { ExportOptions, PrepareExport } from './export-format.js';
import { prepareTiles } from './export-tiles.js';
import { searchGrounds } from './search-options.js';
import { operator, withLog } from './with-log.js';

/** Every format of an export. */
const FORMATS: Readonly<Record<AuditExportFormat, PrepareExport>> = { tiles: prepareTiles };

/** `tereze audit export`: entries, as others read them. The export is an entry itself. */
export function addExport(audit: Command, terminal: Terminal): void {
  audit
    .command('export')
    .description('Write entries for others. The export is recorded before the first byte is written.')
    .requiredOption(
      '--format <format>',
      `${Object.keys(FORMATS).join(', ')}: a directory of each log, with its checkpoint`,
    )
    .option('--out <dir>', 'where the directories are made: DIR/0 for log 0')
    .option('--reason <text>', 'why you export, 10 to 500 characters; the log keeps it')
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze audit export --format tiles --out log-of-november --reason "monthly copy for the auditor"\n',
    )
    .action((options: ExportOptions) => exportEntries(options, terminal));
}

async function exportEntries(options: ExportOptions, terminal: Terminal): Promise<void> {
  const format = formatOf(options.format);
  if (options.reason === undefined) throw new CommandFailure('usage', 'an export needs --reason; the log keeps it');
  const grounds = searchGrounds({ reason: options.reason }, []);
  const config = await readConfig(configFile(options), terminal.environment);
  await withLog(config, async (opened) => {
    const prepared = await FORMATS[format](opened, options);
    const request = { caller: operator(), ...grounds, filters: {}, format, limit: prepared.limit };
    const { text, json } = await recordExport(opened, request, () => prepared.write());
    terminal.print(options.json === true ? `${JSON.stringify(json)}\n` : text);
  });
}

function formatOf(text: string): AuditExportFormat {
  if (Object.hasOwn(FORMATS, text)) return text as AuditExportFormat;
  const names = Object.keys(FORMATS);
  throw new CommandFailure(
    'usage',
    `--format: there is no ${JSON.stringify(text)}; known are ${nearestKey(text, names) ?? names.join(', ')}`,
  );
}
