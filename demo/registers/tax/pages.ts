import { createHash } from 'node:crypto';

/** One page of a list, with what to ask the next one by; null after the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/**
 * The page of `items` that the cursor leads to, the first without one; undefined for a cursor that
 * was not given out for this question.
 */
export function pageOf<Item>(
  items: readonly Item[],
  { question, limit, cursor }: { readonly question: unknown; readonly limit: number; readonly cursor: unknown },
): Page<Item> | undefined {
  const mark = createHash('sha256')
    .update(JSON.stringify([question, limit]))
    .digest('base64url')
    .slice(0, 16);
  const from = cursor === undefined ? 0 : offsetIn(cursor, mark);
  if (from === undefined || from > items.length) return undefined;
  const until = from + limit;
  return { items: items.slice(from, until), next: until < items.length ? `${mark}.${until}` : null };
}

function offsetIn(cursor: unknown, mark: string): number | undefined {
  const offset = typeof cursor === 'string' && cursor.startsWith(`${mark}.`) ? cursor.slice(mark.length + 1) : '';
  return /^[0-9]{1,9}$/.test(offset) ? Number(offset) : undefined;
}
