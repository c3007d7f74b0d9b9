import type { SqlExecutor } from '../../../schemas/ports/sql.js';
import { publicLogName } from '../log-name.js';
import { readRemovals } from '../removals/removals.js';

/** How long entries stay, and what may be gone: what a pruned log publishes (C2SP tlog-tiles v0.1.0, Pruning). */
export interface RetentionPolicy {
  /** Months for which entries stay, at least. */
  readonly retentionMonths: number;
  /** Logs of which entries may be in an archive only. Every other log has all of its entries. */
  readonly logs: readonly {
    /** The name by which others know the log. */
    readonly log: string;
    /** The first entry that is surely there, and from which on all are. The hashes of those before stay. */
    readonly minimumIndex: number;
  }[];
}

/** Resolves with the retention policy of an installation. This is the one place that knows it. */
export async function readRetentionPolicy(
  sql: SqlExecutor,
  { retentionMonths, origin }: { readonly retentionMonths: number; readonly origin: string | undefined },
): Promise<RetentionPolicy> {
  const { archived } = await readRemovals(sql);
  const logs = [...archived].map(([log, minimumIndex]) => ({ log: publicLogName(log, origin), minimumIndex }));
  return { retentionMonths, logs };
}
