import { createHash } from 'node:crypto';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import type { PurposeText, Purposes } from '../decision/purposes.js';

/** What a consent to one category for one purpose says. */
export interface ConsentText extends PurposeText {
  readonly purpose: string;
  readonly category: string;
  /** The purpose needs a case, so that a consent counts in the cases that the person is tied to, and nowhere else. */
  readonly caseRequired: boolean;
  /** Coordinates (`Type.field`) of the fields of the category, sorted. */
  readonly fields: readonly string[];
}

/** The texts of today's purposes and catalogue. */
export interface ConsentTexts {
  /** Returns the text of a category for a purpose. Undefined for a category without fields, and an unknown purpose. */
  of(purpose: string, category: string): ConsentText | undefined;
  /** Every text that a consent can have today. */
  readonly all: readonly ConsentText[];
  /** Returns what texts a consent may have to count for a purpose. Undefined for an unknown purpose. */
  accepted(purpose: string): AcceptedTexts | undefined;
}

/** What a consent's text must say of a purpose to count for it: one of these wordings, and no fewer cases than today's. */
export interface AcceptedTexts {
  readonly wordings: readonly PurposeText[];
  readonly caseRequired: boolean;
}

/** Returns the texts over purposes and the fields of each category. */
export function createConsentTexts(
  purposes: Purposes,
  categories: readonly string[],
  fieldsOf: (category: string) => readonly string[],
): ConsentTexts {
  const of: ConsentTexts['of'] = (name, category) => {
    const purpose = purposes.get(name);
    const fields = fieldsOf(category);
    if (purpose === undefined || fields.length === 0) return undefined;
    const { title, law, caseRequired } = purpose;
    return { purpose: name, category, title, law, caseRequired, fields: [...fields].sort() };
  };
  return {
    of,
    all: purposes.names
      .filter((name) => purposes.get(name)?.bases.includes('consent'))
      .flatMap((name) => categories.flatMap((category) => of(name, category) ?? [])),
    accepted: (name) => {
      const purpose = purposes.get(name);
      if (purpose === undefined) return undefined;
      const { title, law, earlierTexts, caseRequired } = purpose;
      return { wordings: [{ title, law }, ...earlierTexts], caseRequired };
    },
  };
}

/** Keeps these texts, and resolves with their hashes in the same order. A text that is kept already stays as it is. */
export async function keepTexts(tx: SqlExecutor, texts: readonly ConsentText[]): Promise<readonly string[]> {
  const hashed = texts.map((text) => ({ hash: hashOf(text), ...text }));
  await tx.query(
    `INSERT INTO consent_text (text_hash, purpose, category, title, law, case_required, fields)
     SELECT hash, purpose, category, title, law, "caseRequired", fields
     FROM jsonb_to_recordset($1) AS kept (hash text, purpose text, category text, title text, law text, "caseRequired" boolean, fields text[])
     ORDER BY hash ON CONFLICT DO NOTHING`,
    [JSON.stringify(hashed)],
  );
  return hashed.map(({ hash }) => hash);
}

function hashOf({ purpose, category, title, law, caseRequired, fields }: ConsentText): string {
  return createHash('sha256')
    .update(JSON.stringify([purpose, category, title, law, caseRequired, fields]))
    .digest('hex');
}
