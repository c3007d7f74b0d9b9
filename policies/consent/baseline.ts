import type { Clock } from '../../schemas/ports/clock.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { keepTexts, type ConsentText } from './texts.js';

/**
 * Keeps today's texts as those of the consents that were given before texts were kept. Does so once in the life of a
 * database, at the first start: later texts never count for such consents.
 */
export async function keepBaseline(
  { sql, clock }: { readonly sql: Sql; readonly clock: Clock },
  texts: readonly ConsentText[],
): Promise<void> {
  const { rows: taken } = await sql.query('SELECT FROM consent_baseline_taken');
  if (taken.length > 0) return;
  await sql.transaction(async (tx) => {
    const { rows } = await tx.query(
      'INSERT INTO consent_baseline_taken (is_taken, taken_at) VALUES (true, $1) ON CONFLICT DO NOTHING RETURNING is_taken',
      [clock.now().toISOString()],
    );
    if (rows.length === 0) return;
    const hashes = await keepTexts(tx, texts);
    await tx.query(
      `INSERT INTO consent_baseline (purpose, category, text_hash)
       SELECT purpose, category, text_hash FROM consent_text WHERE text_hash = ANY ($1)`,
      [hashes],
    );
  });
}
