import type { Clock } from '../../schemas/ports/clock.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { parseEntry } from './stored-entry.js';
import type { CompletionBody, EntryDraft, IntentBody } from './entry.js';
import type { Appended } from './port.js';

/**
 * Closes what a crash left open: every intent without a completion, in this replica's logs and in
 * those whose holder's lease has ended, gets a completion `unknown`. Runs at every start, so that
 * it is exercised in normal operation too. Appending twice for one intent is harmless.
 */
export async function closeOpenIntents(sql: Sql, clock: Clock, name: string, holder: string, append: (draft: EntryDraft) => Promise<Appended>): Promise<number> {
  const { rows: heads } = await sql.query<{ log_id: string; size: string }>(
    `SELECT log_id, size FROM audit_head
     WHERE log_id LIKE $1 AND closed_through < size AND (holder IS NULL OR holder = $2 OR lease_expires_at < clock_timestamp())`,
    [`${name}/%`, holder],
  );
  let closed = 0;
  for (const { log_id: logId, size } of heads) {
    const open = await openIntents(sql, logId, size);
    await Promise.all(open.map((intent) => append({ body: unknownCompletion(intent, clock.now()), beside: {} })));
    await sql.query('UPDATE audit_head SET closed_through = $2 WHERE log_id = $1 AND closed_through < $2', [logId, size]);
    closed += open.length;
  }
  return closed;
}

async function openIntents(sql: Sql, logId: string, size: string): Promise<readonly IntentBody[]> {
  const { rows } = await sql.query<{ entry: Buffer }>(
    `SELECT i.entry FROM audit_entry i JOIN audit_head h USING (log_id)
     WHERE i.log_id = $1 AND i.kind = 'intent' AND i.index >= h.closed_through AND i.index < $2
       AND NOT EXISTS (SELECT 1 FROM audit_entry c WHERE c.request_id = i.request_id AND c.kind IN ('completion', 'act'))
     ORDER BY i.index`,
    [logId, size],
  );
  return rows.map(({ entry }) => parseEntry(entry) as IntentBody);
}

function unknownCompletion(intent: IntentBody, now: Date): CompletionBody {
  const { schemaVersion, requestId, surface, purpose, case: matter, documentHash, documentName, operationName, caller, subjects, policySet, catalogue } = intent;
  return {
    schemaVersion,
    kind: 'completion',
    requestId,
    at: now.toISOString(),
    surface,
    purpose,
    case: matter,
    documentHash,
    documentName,
    operationName,
    caller,
    outcome: 'unknown',
    subjects,
    disclosed: [],
    withheld: [],
    registers: [],
    policySet,
    catalogue,
    answer: null,
    durationMs: Math.max(0, now.getTime() - Date.parse(intent.at)),
  };
}
