import { DocumentsInvalid, type RegisteredDocument } from '../../schemas/operations/load-documents.js';
import { Refusal } from '../../schemas/refusal.js';
import type { PlannedDocument } from './plan.js';
import type { DocumentPreparer } from './prepare.js';

/** A trusted document with everything that it will be carried out by. */
export interface DocumentPlans {
  readonly document: RegisteredDocument;
  readonly plans: readonly PlannedDocument[];
}

/**
 * Prepares every trusted document, for every share of its questions and every combination
 * of its conditions as far as these are few, before the first caller asks one: none is slower for its first
 * caller, and one that cannot be answered by the registers is found at start.
 *
 * @throws DocumentsInvalid that names the document and why.
 */
export async function planDocuments(
  documents: readonly RegisteredDocument[],
  preparer: DocumentPreparer,
): Promise<readonly DocumentPlans[]> {
  const planned: DocumentPlans[] = [];
  // One after another: only so many plans may wait at once, and there may be more documents.
  for (const document of documents) planned.push({ document, plans: await plansOf(document, preparer) });
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
