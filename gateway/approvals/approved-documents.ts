import type { AuditLog } from '../../monitoring/audit/port.js';
import type { RegisteredDocument, TrustedDocuments } from '../../schemas/operations/load-documents.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { FootprintDependencies } from '../planning/footprint/footprint.js';
import { planDocuments } from '../planning/plan-documents.js';
import type { DocumentPreparer } from '../planning/prepare.js';
import { approvalEntry } from './approval-entry.js';
import { LoadedBefore, type DocumentApprovals } from './port.js';
import { fingerprintOf, reachChanges, reachOf, type DocumentReach } from './reach.js';

export interface PlannedWith {
  readonly preparer: DocumentPreparer;
  readonly dependencies: FootprintDependencies;
}

/** Plans each document and returns what it reaches now. Rejects with `DocumentsInvalid` for a document that cannot be planned. */
export async function reachesOf(
  documents: readonly RegisteredDocument[],
  { preparer, dependencies }: PlannedWith,
): Promise<readonly DocumentReach[]> {
  return (await planDocuments(documents, preparer)).map(({ document, plans }) =>
    reachOf(document, plans, dependencies),
  );
}

export interface ApprovalDependencies {
  readonly approvals: DocumentApprovals;
  readonly audit: Pick<AuditLog, 'appendChange'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
}

/**
 * Returns the documents that may be asked: those that reach the same as when they were first loaded, or
 * what an officer approved since. A document that reaches something else is left out, as if it were not
 * registered, and logged as `document_not_approved` with the changes. A first load is recorded together with
 * its entry in the audit log.
 */
export async function approvedDocuments(
  documents: TrustedDocuments,
  reaches: readonly DocumentReach[],
  dependencies: ApprovalDependencies,
): Promise<TrustedDocuments> {
  const { approvals, observer } = dependencies;
  const names = reaches.map(({ name }) => name);
  const known = await approvals.latest(names);
  const fresh = reaches.filter(({ name }) => !known.has(name));
  await Promise.all(fresh.map((reach) => loadFirst(reach, dependencies)));
  const latest = fresh.length === 0 ? known : await approvals.latest(names);
  const unapproved = new Set(
    reaches
      .filter((reach) => {
        const approval = latest.get(reach.name);
        if (approval?.isWithdrawn === false && approval.fingerprint === fingerprintOf(reach)) return false;
        observer.log('error', 'document_not_approved', {
          document: reach.name,
          withdrawn: approval?.isWithdrawn ?? false,
          changes: (approval ? reachChanges(approval.reach, reach) : []).join('; '),
        });
        return true;
      })
      .map(({ name }) => name),
  );
  if (unapproved.size === 0) return documents;
  const isApproved = ({ name }: RegisteredDocument): boolean => !unapproved.has(name);
  return {
    all: documents.all.filter(isApproved),
    find: (id) => {
      const found = documents.find(id);
      return found !== undefined && isApproved(found) ? found : undefined;
    },
  };
}

/** Records a first load. If another replica was first, that one counts. */
async function loadFirst(
  reach: DocumentReach,
  { approvals, audit, clock, random }: ApprovalDependencies,
): Promise<void> {
  const requestId = random.uuid();
  const change = {
    requestId,
    apply: (tx: SqlExecutor) => approvals.first(tx, reach),
    entry: () => ({
      body: approvalEntry({ act: 'operation_loaded', reach, officer: undefined, at: clock.now(), requestId }),
      beside: {},
    }),
  };
  await audit.appendChange(change).catch((error: unknown) => {
    if (!(error instanceof LoadedBefore)) throw error;
  });
}
