import type { Clock } from '../../../schemas/ports/clock.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import {
  unknownCompletionEntry,
  type EntryDraft,
  type EntrySubject,
  type IntentBody,
  type Stored,
} from '../entries.js';
import type { LiveSnapshot } from './live-requests.js';
import type { Appended } from '../port.js';
import { repeatedSubject, type KeptSubject } from './repeated-subject.js';
import { readBody } from '../stored-entry.js';

export interface RecoveryOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  /** Appends to the log that this replica has leased. */
  readonly append: (draft: EntryDraft) => Promise<Appended>;
}

/** Positions read in one statement, and completions appended at once. */
const STEP = 5_000;
const AT_ONCE = 200;

/** The part of a log to search for open intents. */
export interface RecoveryRange {
  readonly logId: string;
  /** End of the part, exclusive. */
  readonly through: number;
  /** The requests that this process was working on when `through` was read. */
  readonly live: LiveSnapshot;
}

/**
 * Closes the intents that a crash or a lost reply left open. Every intent before `through` gets a
 * completion `unknown` if no log has its completion and this process is not working on its request.
 * Stores how far it came. A second completion for one intent does no harm. Resolves with the number of
 * closed intents.
 */
export async function closeOpenIntents(
  options: RecoveryOptions,
  { logId, through, live }: RecoveryRange,
): Promise<number> {
  let closed = 0;
  for (let from = await closedThrough(options.sql, logId); from < through; from += STEP) {
    const to = Math.min(from + STEP, through);
    const open = (await openIntents(options.sql, logId, from, to)).filter(({ intent }) => !live.has(intent.requestId));
    await closeAll(options, open);
    await remember(options.sql, logId, live.firstLive(logId, to));
    closed += open.length;
  }
  return closed;
}

async function closeAll({ clock, append }: RecoveryOptions, open: readonly OpenIntent[]): Promise<void> {
  for (let from = 0; from < open.length; from += AT_ONCE) {
    await Promise.all(
      open
        .slice(from, from + AT_ONCE)
        .map(({ intent, subjects, beside }) =>
          append({ body: unknownCompletionEntry(intent, { at: clock.now(), subjects }), beside }),
        ),
    );
  }
}

async function closedThrough(sql: Sql, logId: string): Promise<number> {
  const { rows } = await sql.query<{ closed_through: string }>(
    'SELECT closed_through FROM audit_head WHERE log_id = $1',
    [logId],
  );
  return Number(rows[0]?.closed_through ?? 0);
}

async function remember(sql: Sql, logId: string, closed: number): Promise<void> {
  await sql.query('UPDATE audit_head SET closed_through = $2 WHERE log_id = $1 AND closed_through < $2', [
    logId,
    closed,
  ]);
}

interface OpenIntent {
  readonly intent: Stored<IntentBody>;
  /** The intent's subjects as a completion of this version states them. */
  readonly subjects: readonly EntrySubject[];
  /** Tokens, salts and sealed identities of the intent's subjects, so that a search for a person finds the completion too. */
  readonly beside: EntryDraft['beside'];
}

interface OpenRow {
  readonly entry: Buffer;
  readonly positions: readonly number[];
  /** Hex. */
  readonly tokens: readonly (string | null)[];
  readonly salts: readonly (string | null)[];
  readonly sealed: readonly (Buffer | null)[];
}

async function openIntents(sql: Sql, logId: string, from: number, to: number): Promise<readonly OpenIntent[]> {
  const { rows } = await sql.query<OpenRow>(
    `SELECT i.entry,
       ARRAY (SELECT s.position FROM audit_subject s WHERE s.at = i.at AND s.log_id = i.log_id AND s.index = i.index ORDER BY s.position) AS positions,
       ARRAY (SELECT encode(s.index_token, 'hex') FROM audit_subject s WHERE s.at = i.at AND s.log_id = i.log_id AND s.index = i.index ORDER BY s.position) AS tokens,
       ARRAY (SELECT encode(s.salt, 'hex') FROM audit_subject s WHERE s.at = i.at AND s.log_id = i.log_id AND s.index = i.index ORDER BY s.position) AS salts,
       ARRAY (SELECT s.sealed FROM audit_subject s WHERE s.at = i.at AND s.log_id = i.log_id AND s.index = i.index ORDER BY s.position) AS sealed
     FROM audit_entry i
     WHERE i.log_id = $1 AND i.index >= $2 AND i.index < $3 AND i.kind = 'intent'
       AND NOT EXISTS (SELECT 1 FROM audit_entry c WHERE c.request_id = i.request_id AND c.kind IN ('completion', 'act') AND c.at >= i.at - interval '1 day')
     ORDER BY i.index`,
    [logId, from, to],
  );
  return rows.flatMap(openIntent);
}

const NOTHING_KEPT: KeptSubject = { token: undefined, salt: undefined, sealed: null };

/** An unreadable intent has nothing that a completion could repeat. The reader shows such an entry as it is. */
function openIntent({ entry, positions, tokens, salts, sealed }: OpenRow): readonly OpenIntent[] {
  const intent = readBody(entry);
  if (intent?.kind !== 'intent') return [];
  const kept = intent.subjects.map((_, position) => {
    const row = positions.indexOf(position);
    return { token: tokens[row] ?? undefined, salt: salts[row] ?? undefined, sealed: sealed[row] ?? null };
  });
  const repeated = intent.subjects.map((subject, position) => repeatedSubject(subject, kept[position] ?? NOTHING_KEPT));
  const found = kept.filter((_, position) => repeated[position]?.index !== null);
  const stated = repeated.filter(({ index }) => index !== null);
  return [
    {
      intent,
      subjects: repeated,
      beside: {
        subjectTokens: found.flatMap(({ token }) => token ?? []),
        subjectSalts: found.flatMap(({ salt }) => salt ?? []),
        subjectSealed: found.map(({ sealed }, nth) => (stated[nth]?.sealed === null ? null : sealed)),
      },
    },
  ];
}
