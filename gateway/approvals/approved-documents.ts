import type { RegisteredDocument, TrustedDocuments } from '../../schemas/operations/load-documents.js';
import type { Observer } from '../../schemas/ports/observer.js';
import type { FootprintDependencies } from '../planning/footprint/footprint.js';
import { planDocuments } from '../planning/plan-documents.js';
import type { DocumentPreparer } from '../planning/prepare.js';
import type { DocumentApprovals } from './port.js';
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

/**
 * Returns the documents that may be asked: those that reach the same as when they were first loaded, or
 * what an officer approved since. A document that reaches something else is left out, as if it were not
 * registered, and logged as `document_not_approved` with the changes.
 */
export async function approvedDocuments(
  documents: TrustedDocuments,
  reaches: readonly DocumentReach[],
  { approvals, observer }: { readonly approvals: DocumentApprovals; readonly observer: Observer },
): Promise<TrustedDocuments> {
  await Promise.all(reaches.map((reach) => approvals.first(reach)));
  const latest = await approvals.latest(reaches.map(({ name }) => name));
  const unapproved = new Set(
    reaches
      .filter((reach) => {
        const approval = latest.get(reach.name);
        if (approval?.fingerprint === fingerprintOf(reach)) return false;
        observer.log('error', 'document_not_approved', {
          document: reach.name,
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
