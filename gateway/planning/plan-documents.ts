import { DocumentsInvalid, type RegisteredDocument } from '../../schemas/operations/load-documents.js';
import { Problems } from '../../schemas/problems.js';
import { Refusal } from '../../schemas/refusal.js';
import type { PlannedDocument } from './plan.js';
import type { DocumentPreparer } from './prepare.js';

/** A trusted document with all its plans. */
export interface DocumentPlans {
  readonly document: RegisteredDocument;
  readonly plans: readonly PlannedDocument[];
}

/**
 * Prepares every trusted document at start: for every share of its questions, and for every combination
 * of its conditions if there are few. So no document is slower for its first caller, and a document
 * that the registers cannot answer is found at start.
 *
 * @throws DocumentsInvalid with the document's name and the reason.
 */
export async function planDocuments(
  documents: readonly RegisteredDocument[],
  preparer: DocumentPreparer,
): Promise<readonly DocumentPlans[]> {
  const planned: DocumentPlans[] = [];
  // One after another: the number of plans that may wait is limited, and there may be more documents.
  const problems = new Problems();
  for (const document of documents) {
    const plans = await problems.attemptAsync(() => plansOf(document, preparer));
    if (plans !== undefined) planned.push({ document, plans });
  }
  problems.throwIfAny();
  return planned;
}

async function plansOf(document: RegisteredDocument, preparer: DocumentPreparer): Promise<readonly PlannedDocument[]> {
  const plans: PlannedDocument[] = [];
  try {
    for (const question of preparer.foreseen(document.text))
      plans.push(await preparer.prepare(document.text, undefined, document, question));
  } catch (cause) {
    throw cause instanceof Refusal
      ? new DocumentsInvalid(document.name, `cannot be asked: ${[cause.code, ...cause.reasons].join(' ')}`, { cause })
      : cause;
  }
  return plans;
}
