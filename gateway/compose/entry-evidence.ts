import { createFileKeys } from '../../monitoring/audit/checkpoints/keys.js';
import { LOG_NAME, publicLogName } from '../../monitoring/audit/log-name.js';
import { readEvidence } from '../../monitoring/audit/published/evidence.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { Config } from '../config/schema.js';
import type { EvidenceSource } from '../web/pages/evidence.js';

/** Opens the evidence with which browsers verify entries: the stored tree, its checkpoints, and the keys of the key file. */
export function openEntryEvidence(
  { audit: { origin, key_file: keyFile } }: Pick<Config, 'audit'>,
  { sql, clock }: { readonly sql: SqlExecutor; readonly clock: Clock },
): EvidenceSource {
  return {
    of: (wanted) => readEvidence(sql, wanted),
    keys: async (log) =>
      keyFile === undefined
        ? []
        : createFileKeys(keyFile, () => clock.now()).verifierKeys(publicLogName(`${LOG_NAME}/${log}`, origin)),
  };
}
