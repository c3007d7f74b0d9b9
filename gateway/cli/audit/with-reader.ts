import { createAuditReader, type AuditReader } from '../../../monitoring/audit/reader.js';
import { readConfig } from '../../config/read-config.js';
import { configFile, withState, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';

/** Lends a reader of the logs to one command. */
export async function withReader(
  choice: StateChoice,
  terminal: Terminal,
  use: (reader: AuditReader) => Promise<void>,
): Promise<void> {
  const { audit } = await readConfig(configFile(choice), terminal.environment);
  await withState(choice, terminal, ({ sql }) => use(createAuditReader(sql, audit.origin)));
}
