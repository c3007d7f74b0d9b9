import type { Language } from '../../../schemas/language.js';
import { commonFields, type CommonFields, type EntryFacts } from './every-entry.js';
import type { EntryCase } from './request.js';
import type { EntrySubject } from './subject.js';

/** How urgent an alert is. */
export type AlertSeverity = 'low' | 'medium' | 'high';

/** The callers whose entries a rule counted together. Null: the rule does not tell these apart. */
export interface EntryAlertedCaller {
  readonly agency: string | null;
  readonly system: string | null;
  readonly officer: string | null;
}

/** A detection rule reached its threshold. There is one for a rule, group and window at most. */
export interface AlertBody extends CommonFields<'alert'> {
  readonly rule: string;
  /** SHA-256 of the rule as it was, hex. */
  readonly ruleHash: string;
  readonly severity: AlertSeverity;
  readonly caller: EntryAlertedCaller;
  /** The case, where the rule tells cases apart. */
  readonly case: EntryCase | null;
  /** The person, where the rule tells people apart and the link to the person was not erased meanwhile. */
  readonly subjects: readonly EntrySubject[];
  /** The window, ISO 8601, UTC: `since` inclusive, `until` exclusive. */
  readonly since: string;
  readonly until: string;
  /** What was counted when the alert was raised. */
  readonly count: number;
  readonly threshold: number;
  /** The entry with which the threshold was reached. */
  readonly entry: { readonly log: string; readonly index: number };
  /** What the rule says of it, with names in braces. */
  readonly sentence: Readonly<Record<Language, string>>;
}

/** Returns the entry of an alert. */
export function alertEntry({
  rule,
  ruleHash,
  severity,
  caller,
  case: matter,
  subjects,
  since,
  until,
  count,
  threshold,
  entry,
  sentence,
  ...facts
}: EntryFacts<AlertBody>): AlertBody {
  return {
    ...commonFields('alert', facts),
    ...{ rule, ruleHash, severity, caller, case: matter, subjects, since, until, count, threshold, entry, sentence },
  };
}
