import { createAuditReader, type AuditReader } from '../../../monitoring/audit/reader.js';
import { withState, type StateChoice } from '../installed-state.js';
import type { Terminal } from '../terminal.js';

/** Lends a reader of the logs to one command. */
export async function withReader(
  choice: StateChoice,
  terminal: Terminal,
  use: (reader: AuditReader) => Promise<void>,
): Promise<void> {
  await withState(choice, terminal, ({ sql }) => use(createAuditReader(sql)));
}
