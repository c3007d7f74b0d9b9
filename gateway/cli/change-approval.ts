import { openAudit } from '../../monitoring/audit/open-audit.js';
import { createConsentGuard } from '../../policies/consent/guard.js';
import { readSecret } from '../../policies/secret.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import { approvalEntry, type ApprovalAct } from '../approvals/approval-entry.js';
import type { DocumentApprovals } from '../approvals/port.js';
import { createPostgresApprovals } from '../approvals/postgres-approvals.js';
import { systemClock } from '../compose/clock.js';
import { createHttpClient } from '../compose/http-client.js';
import { openAnchor } from '../compose/open-anchor.js';
import { systemRandom } from '../compose/random.js';
import type { Config } from '../config/schema.js';
import type { State } from '../state/open.js';
import { createRestrictionCounter } from '../state/restrictions.js';
import { CommandFailure } from './command-failure.js';

const SILENT = { log: () => undefined, count: () => undefined, duration: () => undefined, gauge: () => undefined };

/** An officer's act on the approval of a document. */
export interface ApprovalChange extends Pick<ApprovalAct, 'act' | 'reach'> {
  readonly officer: string;
  /** Makes the change. Resolves with the number of the restriction, if something was taken away. */
  readonly apply: (approvals: DocumentApprovals, tx: SqlExecutor) => Promise<number | undefined>;
}

/** Where the entry is, and whether a restriction is known outside the database; undefined if there was none. */
export interface ChangedApproval {
  readonly entry: string;
  readonly fenced: boolean | undefined;
}

/** The approvals of an installation, as commands read and change them. */
export function approvalsOf({ sql }: Pick<State, 'sql'>): DocumentApprovals {
  const clock = systemClock({ timeZone: 'UTC' });
  return createPostgresApprovals({ sql, clock, restrictions: createRestrictionCounter(clock) });
}

/**
 * Changes an approval and writes its entry, in one transaction; then keeps what it takes away outside the
 * database. Fails, and changes nothing, if it would give more while no place of `state.anchor` can be written.
 */
export async function changeApproval(config: Config, state: State, change: ApprovalChange): Promise<ChangedApproval> {
  const clock = systemClock({ timeZone: 'UTC' });
  const http = createHttpClient();
  const ports = { clock, random: systemRandom, http, observer: SILENT };
  const anchor = await openAnchor(config, readSecret(config.policies.secret_file), ports);
  try {
    await anchor?.start(state.unanchored);
    if (change.act === 'operation_approved' && anchor?.canFence() === false)
      throw new CommandFailure(
        'failed',
        'no place of state.anchor can be written, or the database has gone back in time',
        '`tereze state status` says which. Nothing was approved.',
      );
    const { log } = await openAudit(config.audit, {
      ...{ sql: state.sql, clock, random: systemRandom, observer: SILENT },
      guard: createConsentGuard(clock),
    });
    try {
      const requestId = systemRandom.uuid();
      const { act, reach, officer } = change;
      const appended = await log.appendChange({
        requestId,
        apply: (tx) => change.apply(approvalsOf(state), tx),
        entry: () => ({ body: approvalEntry({ act, reach, officer, at: clock.now(), requestId }), beside: {} }),
      });
      const fenced = appended.result === undefined ? undefined : await anchor?.fence(appended.result);
      return { entry: `${appended.log}/${appended.index}`, fenced: fenced?.fenced };
    } finally {
      await log.close();
    }
  } finally {
    await anchor?.close();
  }
}
