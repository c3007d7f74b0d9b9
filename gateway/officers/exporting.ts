import { recordExport, type RecordedExport } from '../../monitoring/audit/export/record-export.js';
import type { AuditLog } from '../../monitoring/audit/port.js';
import type { SearchFilter } from '../../monitoring/audit/search/filter.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Config } from '../config/schema.js';
import { coveredRange } from '../exports/covered-range.js';
import { bundleFiles, bundleProofs } from '../exports/bundle.js';
import { exportedRows, SERVED_FORMATS, type ServedFormat } from '../exports/rows.js';
import { NotExportable } from '../exports/signed-logs.js';
import { tarOf } from '../exports/tar.js';
import { AnswerStream } from './answer-stream.js';
import type { OfficerApprovals } from './approvals/approvals.js';
import { readerOf, scopeOf, type Officer } from './officer.js';
import type { PersonBudget } from './person-budget.js';
import { approvalRequestOf, type AskedSearch, type Checking } from './searching.js';

/** An export as an officer asks for it. */
export interface AskedExport extends Omit<AskedSearch, 'limit' | 'after'> {
  readonly format: ServedFormat;
}

export interface ExportingDependencies extends Checking {
  readonly sql: Sql;
  readonly log: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Pick<Config, 'policies' | 'audit'>;
  readonly budget: PersonBudget;
  readonly approvals: Pick<OfficerApprovals, 'use'>;
}

/** Exports entries for officers. */
export type Exporting = (officer: Officer, asked: AskedExport) => Promise<AnswerStream>;

/** The header that says as what an export is recorded. */
const EXPORT_ID = 'Tereze-Export';

/**
 * Makes the exports of officers. In this order: what is asked is well-formed, has its grounds and names an approval, it is
 * within the budget for people, the approval is one of exactly this export and is used up. Then it is recorded, and only
 * then read. An officer gets entries of the own agency; with `national`, of all.
 *
 * Rejects with `Refusal`, `SearchRefused`, `AuditUnavailable` or `SqlFailure`, and nothing was read then.
 */
export function createExporting(dependencies: ExportingDependencies): Exporting {
  const { sql, log, clock, random, config, budget, approvals, ...checking } = dependencies;
  return async (officer, { approval, format, ...asked }) => {
    const request = approvalRequestOf(officer, { action: 'export', format, ...asked }, checking);
    if (approval === undefined) throw new Refusal('APPROVAL_REQUIRED');
    const { person, reason, case: matter } = request;
    const onlyAgency = scopeOf(officer);
    const covered = await coveredRange({ sql, clock, filters: request.filters, person, onlyAgency });
    // Before the approval is used up: without checkpoints there is no bundle.
    const partsOf = await preparedParts(format, { sql, clock, config });
    if (person !== undefined) await budget.spend(officer);
    await approvals.use(officer, approval, request);
    const { filter, filters, limit } = covered;
    const recording = { caller: readerOf(officer), filters, person, format, limit, reason, case: matter, approval };
    return new AnswerStream(async (send) => {
      await recordExport({ log, clock, random }, recording, async (recorded) => {
        const parts = partsOf({ filter, onlyAgency, recorded });
        await send({ type: SERVED_FORMATS[format], headers: { [EXPORT_ID]: recorded.id } }, parts);
        return { entries: recorded.written() };
      });
    });
  };
}

interface Covered {
  readonly filter: SearchFilter;
  readonly onlyAgency: string | undefined;
  readonly recorded: RecordedExport;
}

async function preparedParts(
  format: ServedFormat,
  from: Pick<ExportingDependencies, 'sql' | 'clock' | 'config'>,
): Promise<(covered: Covered) => AsyncIterable<string | Uint8Array>> {
  if (format !== 'bundle') return (covered) => exportedRows({ ...from, ...covered, format });
  const proofs = await bundleProofs(from).catch((error: unknown) => {
    throw error instanceof NotExportable ? new Refusal('AUDIT_UNREADABLE', { cause: error }) : error;
  });
  return (covered) => tarOf(bundleFiles({ ...from, ...proofs, ...covered }));
}
