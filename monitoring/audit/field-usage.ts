import type { Sql } from '../../schemas/ports/sql.js';
import { readBody } from './stored-entry.js';

/** Which agencies asked for a field, or asked for data that needs the field to be read. */
export interface FieldUsage {
  /** `Type.field`. */
  readonly field: string;
  /** Ids of agencies; `citizens` for people who looked at their own data. Sorted. */
  readonly agencies: readonly string[];
  /** When the field was last asked for, ISO. */
  readonly lastAt: string;
}

const PAGE = 5_000;
const CITIZENS = 'citizens';

interface IntentRow {
  readonly at: Date;
  readonly log_id: string;
  readonly index: string;
  readonly entry: Buffer;
}

/**
 * Resolves with the fields that intents since then name as read, sorted. Reads page by page, so that a log of any
 * length is read in bounded memory. Skips bytes that are not an entry.
 */
export async function fieldUsage(sql: Sql, since: Date): Promise<readonly FieldUsage[]> {
  const used = new Map<string, { agencies: Set<string>; lastAt: string }>();
  let after: Pick<IntentRow, 'at' | 'log_id' | 'index'> = { at: since, log_id: '', index: '-1' };
  for (;;) {
    const { rows } = await sql.query<IntentRow>(
      `SELECT at, log_id, index, entry FROM audit_entry WHERE kind = 'intent' AND at >= $1 AND (at, log_id, index) > ($1, $2, $3::bigint) ORDER BY at, log_id, index LIMIT ${PAGE}`,
      [after.at, after.log_id, after.index],
    );
    for (const { entry } of rows) addReads(entry, used);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = last;
  }
  return [...used]
    .map(([field, { agencies, lastAt }]) => ({ field, agencies: [...agencies].sort(), lastAt }))
    .sort((one, other) => (one.field < other.field ? -1 : 1));
}

function addReads(entry: Buffer, used: Map<string, { agencies: Set<string>; lastAt: string }>): void {
  const body = readBody(entry);
  if (body?.kind !== 'intent') return;
  for (const { coordinate } of body.reads) {
    const known = used.get(coordinate) ?? { agencies: new Set<string>(), lastAt: body.at };
    known.agencies.add(body.caller.agency ?? CITIZENS);
    known.lastAt = body.at;
    used.set(coordinate, known);
  }
}
