import type { EntryLogReader } from './audit-read.js';
import { commonFields, type CommonFields, type EntryFacts } from './every-entry.js';
import type { EntryCase } from './request.js';
import type { EntrySubject } from './subject.js';

/** What is done with entries of the past, and with what stands beside them. */
export type RetentionAct =
  | 'archive_asked'
  | 'archived'
  | 'erasure_asked'
  | 'erased'
  | 'hold_asked'
  | 'hold_set'
  | 'hold_lift_asked'
  | 'hold_lifted';

/**
 * An act on entries of the past: they go into an archive, what leads from them to people is erased, or a legal hold keeps
 * both from happening. What is asked is committed before anything is done. An act that removes rows is committed with the
 * removal, in one transaction: rows that are missing without it were removed by someone else.
 */
export interface RetentionBody extends CommonFields<'retention'> {
  readonly act: RetentionAct;
  readonly caller: EntryLogReader;
  /** Why, in the words of the one who acts. */
  readonly reason: string;
  /** The law by which people's part is erased. Null for other acts. */
  readonly law: string | null;
  /** Entries from this time on; null: from the first. ISO 8601, UTC. */
  readonly since: string | null;
  /** Entries before this time; null: whenever. */
  readonly before: string | null;
  /** Entries for this purpose only. */
  readonly purpose: string | null;
  /** Entries of this case only. */
  readonly case: EntryCase | null;
  /** Entries of callers of this agency only. */
  readonly agency: string | null;
  /** Entries about this person only, or no one. */
  readonly subjects: readonly EntrySubject[];
  /** Id of the hold. Null for other acts. */
  readonly hold: string | null;
  /** What was removed, by log; empty while it is only asked for, and for holds. */
  readonly logs: readonly RemovedRows[];
}

/** What an act removed of one log. */
export interface RemovedRows {
  /** Name in the database. */
  readonly log: string;
  /** Only entries with a smaller index are concerned. */
  readonly below: number;
  /** Rows that were removed: entries by an archive, rows of people by an erasure. */
  readonly count: number;
}

/** What an act is about, where it is not about everything. */
export type RetentionFacts = EntryFacts<
  Pick<RetentionBody, keyof CommonFields<'retention'> | 'act' | 'caller' | 'reason'> & Partial<RetentionBody>
>;

/** Returns the entry of an act on entries of the past. */
export function retentionEntry({
  act,
  caller,
  reason,
  law = null,
  since = null,
  before = null,
  purpose = null,
  case: matter = null,
  agency = null,
  subjects = [],
  hold = null,
  logs = [],
  ...facts
}: RetentionFacts): RetentionBody {
  return {
    ...commonFields('retention', facts),
    ...{ act, caller, reason, law, since, before, purpose, case: matter, agency, subjects, hold, logs },
  };
}
