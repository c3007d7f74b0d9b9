import type { Language } from '../../schemas/language.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import type { SqlExecutor } from '../../schemas/ports/sql.js';
import {
  alertEntry,
  type AlertBody,
  type EntryCase,
  type EntryDraft,
  type EntrySubject,
  type StoredSubject,
} from '../audit/entries.js';
import type { AuditLog } from '../audit/port.js';
import { repeatedSubject } from '../audit/append/repeated-subject.js';
import { STORED_ENTRY, storedEntry, type EntryRow } from '../audit/stored-entry.js';
import type { Severity } from './rule.js';

/** An alert that is raised and not written. */
export interface PendingAlert {
  readonly rule: string;
  /** Hex. */
  readonly groupKey: string;
  readonly severity: Severity;
  /** Time of the entry that raised it, ISO 8601. */
  readonly at: string;
  readonly since: string;
  readonly facts: PendingRow;
}

interface PendingRow {
  readonly rule: string;
  readonly group_key: string;
  readonly window_since: string;
  readonly window_until: string;
  readonly rule_hash: string;
  readonly severity: Severity;
  readonly sentence: Readonly<Record<Language, string>>;
  readonly agency: string | null;
  readonly system: string | null;
  readonly officer: string | null;
  readonly by_case: boolean;
  readonly count: number;
  readonly threshold: number;
  readonly log_id: string;
  readonly index: string;
  readonly position: number | null;
  readonly at: string;
}

/** Resolves with alerts that are raised and not written, the oldest first. */
export async function readPending(sql: SqlExecutor, most: number): Promise<readonly PendingAlert[]> {
  const { rows } = await sql.query<PendingRow>(
    `SELECT rule, encode(group_key, 'hex') AS group_key, window_since, window_until, rule_hash, severity, sentence, agency,
       system, officer, by_case, count, threshold, log_id, index, position, at
     FROM audit_alert WHERE NOT is_written ORDER BY at, rule, group_key LIMIT $1`,
    [most],
  );
  return rows.map((facts) => {
    const { rule, severity, at, group_key: groupKey, window_since: since } = facts;
    return { rule, groupKey, severity, at, since, facts };
  });
}

/** Resolves with whether an alert is written. */
export async function isWritten(sql: SqlExecutor, { rule, groupKey, since }: PendingAlert): Promise<boolean> {
  const { count } = await sql.query(
    'SELECT FROM audit_alert WHERE rule = $1 AND group_key = $2 AND window_since = $3 AND is_written',
    [rule, Buffer.from(groupKey, 'hex'), since],
  );
  return count === 1;
}

export interface AlertWriting {
  readonly sql: SqlExecutor;
  readonly log: Pick<AuditLog, 'appendChange'>;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Writes an alert as an entry. The mark that it is written commits with the entry, so that there is one entry whichever
 * replica tries, and however often. Resolves with false if it was written before. Rejects with `AuditUnavailable` if it is
 * not written, or may be.
 */
export async function writeAlert(
  { sql, log, clock, random }: AlertWriting,
  { rule, groupKey, since, facts }: PendingAlert,
): Promise<boolean> {
  const about = await readAbout(sql, facts);
  const requestId = random.uuid();
  try {
    await log.appendChange({
      requestId,
      apply: async (tx) => {
        const { count } = await tx.query(
          `UPDATE audit_alert SET is_written = true
           WHERE rule = $1 AND group_key = $2 AND window_since = $3 AND NOT is_written`,
          [rule, Buffer.from(groupKey, 'hex'), since],
        );
        if (count === 0) throw new AlertWritten();
      },
      entry: () => draftOf(facts, about, { requestId, at: clock.now() }),
    });
    return true;
  } catch (error) {
    if (error instanceof AlertWritten) return false;
    throw error;
  }
}

class AlertWritten extends Error {}

/** What an alert repeats of the entry that raised it. */
interface About {
  readonly case: EntryCase | null;
  readonly subject: EntrySubject | undefined;
  readonly beside: EntryDraft['beside'];
}

async function readAbout(
  sql: SqlExecutor,
  { log_id: log, index, position, by_case: byCase }: PendingRow,
): Promise<About> {
  const { rows } = await sql.query<EntryRow>(
    `SELECT ${STORED_ENTRY} FROM audit_entry e WHERE e.log_id = $1 AND e.index = $2`,
    [log, index],
  );
  const [row] = rows;
  const body = row === undefined ? undefined : storedEntry(row).body;
  const matter = byCase && body !== undefined && 'case' in body && body.case !== null ? body.case : null;
  return {
    case: matter === null ? null : { agency: matter.agency, number: matter.number },
    ...(row === undefined || body === undefined || position === null
      ? { subject: undefined, beside: {} }
      : personOf(row, 'subjects' in body ? body.subjects[position] : undefined, position)),
  };
}

/** Without its token or salt, which may have been erased, a person cannot be repeated. */
function personOf(
  { subjects }: EntryRow,
  subject: StoredSubject | undefined,
  position: number,
): Pick<About, 'subject' | 'beside'> {
  const row = subjects?.find((one) => one.position === position);
  const token = row?.token ?? undefined;
  const salt = row?.salt ?? undefined;
  const sealed = row?.sealed ?? null;
  const kept = { token, salt, sealed: sealed === null ? null : Buffer.from(sealed, 'hex') };
  const repeated = subject === undefined ? undefined : repeatedSubject(subject, kept);
  if (repeated === undefined || repeated.index === null || token === undefined || salt === undefined)
    return { subject: undefined, beside: {} };
  const subjectSealed = [repeated.sealed === null ? null : kept.sealed];
  return { subject: repeated, beside: { subjectTokens: [token], subjectSalts: [salt], subjectSealed } };
}

function draftOf(
  facts: PendingRow,
  about: About,
  common: { readonly requestId: string; readonly at: Date },
): EntryDraft {
  const { rule, severity, agency, system, officer, count, threshold, sentence, log_id: log, index } = facts;
  const body: AlertBody = alertEntry({
    ...common,
    rule,
    ruleHash: facts.rule_hash,
    severity,
    caller: { agency, system, officer },
    case: about.case,
    subjects: about.subject === undefined ? [] : [about.subject],
    since: facts.window_since,
    until: facts.window_until,
    count,
    threshold,
    entry: { log, index: Number(index) },
    sentence,
  });
  return { body, beside: about.beside };
}
