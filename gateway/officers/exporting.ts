import { recordExport } from '../../monitoring/audit/export/record-export.js';
import type { AuditLog } from '../../monitoring/audit/port.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { Refusal } from '../../schemas/refusal.js';
import type { Config } from '../config/schema.js';
import { coveredRange } from '../exports/covered-range.js';
import { exportedRows, ROW_FORMATS, type RowFormat } from '../exports/rows.js';
import { AnswerStream } from './answer-stream.js';
import type { OfficerApprovals } from './approvals/approvals.js';
import { readerOf, scopeOf, type Officer } from './officer.js';
import type { PersonBudget } from './person-budget.js';
import { approvalRequestOf, type AskedSearch, type Checking } from './searching.js';

/** An export as an officer asks for it. */
export interface AskedExport extends Omit<AskedSearch, 'limit' | 'after'> {
  readonly format: RowFormat;
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
    if (person !== undefined) await budget.spend(officer);
    await approvals.use(officer, approval, request);
    const { filter, filters, limit } = covered;
    const recording = { caller: readerOf(officer), filters, person, format, limit, reason, case: matter, approval };
    return new AnswerStream(async (send) => {
      await recordExport({ log, clock, random }, recording, async (recorded) => {
        const texts = exportedRows({ sql, clock, config, format, filter, onlyAgency, recorded });
        await send({ type: ROW_FORMATS[format], headers: { [EXPORT_ID]: recorded.id } }, texts);
        return { entries: recorded.written() };
      });
    });
  };
}
