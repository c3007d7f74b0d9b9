import { parse } from 'graphql';
import { DocumentsInvalid, type TrustedDocuments } from '../../schemas/operations/load-documents.js';
import { Refusal } from '../../schemas/refusal.js';
import { conditionVariablesIn, foreseenVariables } from './condition-values.js';
import type { AskedWith, DocumentPreparer } from './prepare.js';

/**
 * Prepares every trusted document, for every share of its questions and every combination
 * of its conditions as far as these are few, before the first caller asks one: none is slower for its first
 * caller, and one that cannot be answered by the registers is found at start.
 *
 * @throws DocumentsInvalid that names the document and why.
 */
export async function planDocuments({ all }: TrustedDocuments, preparer: DocumentPreparer): Promise<void> {
  // One after another: only so many plans may wait at once, and there may be more documents.
  for (const document of all) {
    try {
      for (const question of foreseenQuestions(document, preparer)) await preparer.prepare(document.text, undefined, document, question);
    } catch (cause) {
      throw cause instanceof Refusal ? new DocumentsInvalid(document.name, `cannot be asked: ${[cause.code, ...cause.reasons].join(' ')}`, { cause }) : cause;
    }
  }
}

/** With what a document will be asked, as far as its plan depends on it; with all conditions open where they are too many. */
export function foreseenQuestions({ text }: TrustedDocuments['all'][number], { shares }: DocumentPreparer): readonly AskedWith[] {
  const some = foreseenVariables(conditionVariablesIn(parse(text), undefined));
  return shares.flatMap((share) => some?.map((variables) => ({ share, variables })) ?? [{ share }]);
}
