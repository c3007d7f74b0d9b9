import type { Command } from 'commander';
import type {
  ActBody,
  ApprovalBody,
  AuditReadAct,
  CompletionBody,
  EntryBody,
  EntryCase,
  EntrySearchFilters,
  RetentionAct,
  SinkBody,
  StateBody,
} from '../../../monitoring/audit/entries.js';
import { storedLogName } from '../../../monitoring/audit/log-name.js';
import type { REFUSED } from '../../../monitoring/audit/search/filter.js';
import { groundsFault, REASON_LENGTH, type GroundsFault } from '../../../monitoring/audit/search/grounds.js';
import { textFault, type TextFault } from '../../../schemas/caller-texts/text-fault.js';
import { ERROR_CATALOGUE } from '../../../schemas/errors.js';
import { nearestKey } from '../../../schemas/nearest-key.js';
import { isInstant } from '../../../schemas/time/instant.js';
import { isCivilDate } from '../../../schemas/time/civil-date.js';
import type { Config } from '../../config/schema.js';
import { CommandFailure } from '../command-failure.js';
import type { StateChoice } from '../installed-state.js';
import { knownNames } from './known-names.js';
import { startOfDay } from '../../../schemas/time/start-of-day.js';

/** What narrows a search of the log, as the command line has it. */
export interface SearchOptions extends StateChoice, EntrySearchFilters {
  readonly at?: string;
  readonly person?: string;
  readonly former?: boolean;
  readonly reason?: string;
  readonly forCase?: string;
}

/** Adds the filters of a search, and why it is made, to a command. */
export function addSearchOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration of the gateway', undefined)
    .option('--at <address>', 'where officers are served: ask there, as the officer who signed in (tereze login)')
    .option('--since <time>', 'from this time on: a day, or a time with its zone')
    .option('--until <time>', 'before this time; a day is included')
    .option(
      '--person <file>',
      'what was asked, refused and answered about a person: - reads the number from the terminal or standard input, a file holds it',
    )
    .option('--agency <agency>', 'the caller’s agency')
    .option('--system <system>', 'the caller’s system')
    .option('--officer <id>', 'the officer who asked, or who is behind a system')
    .option('--model <id@version>', 'the model of an AI service')
    .option('--register <register>', 'a register that was asked')
    .option('--category <category>', 'a category that was read, disclosed, withheld or refused')
    .option('--purpose <purpose>', 'the purpose')
    .option('--case <number>', 'the case of the entries')
    .option('--kind <kind>', `${Object.keys(KINDS).join(', ')}`)
    .option('--outcome <outcome>', 'answered, failed, unknown, refused, or the name of an act')
    .option('--code <code>', 'the code of a refusal')
    .option('--document <name>', 'a trusted document, by name or hash')
    .option('--operation <name>', 'the operation')
    .option('--request <id>', 'the request')
    .option('--log <log>', 'the log, such as tereze/0')
    .option('--former', 'take names that the configuration does not have any more')
    .option('--reason <text>', 'why you search, 10 to 500 characters; the log keeps it. Required with --person')
    .option('--for-case <agency/number>', 'the case in which you search. Required with --person');
}

const KINDS: Readonly<Record<EntryBody['kind'], true>> = {
  intent: true,
  completion: true,
  refusal: true,
  refusals: true,
  act: true,
  state: true,
  sink: true,
  audit_read: true,
  audit_read_end: true,
  retention: true,
  alert: true,
  approval: true,
};

const OUTCOMES: Readonly<
  Record<
    | CompletionBody['outcome']
    | ActBody['act']
    | ApprovalBody['act']
    | StateBody['act']
    | SinkBody['act']
    | AuditReadAct
    | RetentionAct
    | typeof REFUSED,
    true
  >
> = {
  answered: true,
  failed: true,
  unknown: true,
  refused: true,
  consent_given: true,
  consent_withdrawn: true,
  consent_confirmed: true,
  consents_listed: true,
  handle_issued: true,
  handle_ended: true,
  operation_loaded: true,
  operation_approved: true,
  operation_withdrawn: true,
  initialised: true,
  rollback_accepted: true,
  checkpoint_key_rotated: true,
  data_keys_resealed: true,
  sink_added: true,
  sink_changed: true,
  sink_removed: true,
  audit_searched: true,
  audit_exported: true,
  archive_asked: true,
  archived: true,
  erasure_asked: true,
  erased: true,
  hold_asked: true,
  hold_set: true,
  hold_lift_asked: true,
  hold_lifted: true,
  audit_entry_read: true,
  audit_bundle_read: true,
  audit_own_entry_read: true,
  audit_request_read: true,
  audit_counted: true,
  audit_status_read: true,
  audit_approvals_read: true,
  approval_asked: true,
  approval_given: true,
  approval_refused: true,
  approval_used: true,
  approval_expired: true,
  audit_affected_listed: true,
  audit_reconciled: true,
  audit_people_identified: true,
};

/** What a command line is read by. */
export interface Reading {
  /** The zone in which a day is meant. */
  readonly timeZone: string;
  /** The configuration whose names are known; undefined where another address knows them. */
  readonly config: Config | undefined;
}

/** Returns what a command line beside a database is read by. */
export function readingOf(config: Config): Reading {
  return { timeZone: config.jurisdiction.time_zone, config };
}

/** Returns the filters of a command line. Throws `CommandFailure` for a time that is none or without a zone, and for a name that is not known, with the nearest. */
export function searchFilters(options: SearchOptions, { timeZone, config }: Reading): EntrySearchFilters {
  checkNames(options, config);
  const { agency, system, officer, model, register, category, purpose } = options;
  const { case: matter, kind, outcome, code, document, operation, request, log } = options;
  const filters = {
    since: options.since && instant('--since', options.since, { timeZone, isEnd: false }),
    until: options.until && instant('--until', options.until, { timeZone, isEnd: true }),
    ...{ agency, system, officer, model, register, category, purpose },
    ...{ case: matter, kind, outcome, code, document, operation, request },
    log: log === undefined ? undefined : (storedLogName(log, config?.audit.origin) ?? log),
  };
  const given = Object.entries(filters).filter((one): one is [string, string] => one[1] !== undefined);
  for (const [name, value] of given)
    if (textFault(value) !== undefined) throw notWritten(`--${name}`, textFault(value));
  return Object.fromEntries(given);
}

function checkNames(options: SearchOptions, config: Config | undefined): void {
  checkAmong('--kind', options.kind, Object.keys(KINDS));
  checkAmong('--outcome', options.outcome, Object.keys(OUTCOMES));
  checkAmong('--code', options.code, Object.keys(ERROR_CATALOGUE));
  if (options.former || config === undefined) return;
  const names = knownNames(config);
  for (const name of ['agency', 'system', 'purpose', 'register', 'category'] as const)
    if (options[name] !== undefined)
      checkAmong(
        `--${name}`,
        options[name],
        names[name](),
        'Add --former for a name that the configuration does not have any more.',
      );
}

/** Throws `CommandFailure` unless a name is known, with the nearest that is. */
export function checkAmong(option: string, value: string | undefined, known: readonly string[], hint?: string): void {
  if (value === undefined || known.includes(value)) return;
  if (textFault(value) !== undefined) throw notWritten(option, textFault(value));
  const nearest = nearestKey(value, known);
  const meant = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
  throw new CommandFailure('usage', `${option}: there is no ${JSON.stringify(value)}; ${meant}`, hint);
}

/** Says why a text is not taken. Never repeats a text that may hold a number of a person. */
export function notWritten(option: string, fault: TextFault | undefined): CommandFailure {
  return new CommandFailure(
    'usage',
    fault === 'form'
      ? `${option} takes plain text without invisible characters`
      : `${option} must not hold the number of a person or an organisation: --person takes one, from a file or -`,
  );
}

/** Returns the time that an option states. A day is the whole day in the time zone of the jurisdiction. */
export function instant(
  option: string,
  text: string,
  { timeZone, isEnd }: { readonly timeZone: string; readonly isEnd: boolean },
): string {
  if (isCivilDate(text)) return startOfDay(text, timeZone, isEnd ? 1 : 0).toISOString();
  if (isInstant(text)) return new Date(text).toISOString();
  throw new CommandFailure(
    'usage',
    `${option} takes a day (2026-03-01, in ${timeZone}) or a time with its zone (2026-03-01T09:00:00+05:00)`,
  );
}

/** Returns why and in which case a search is made. A search for a person needs both. */
export function searchGrounds(
  { reason, forCase, person }: SearchOptions,
  people: readonly string[],
): { readonly reason: string | null; readonly case: EntryCase | null } {
  const grounds = { reason: reason?.trim() ?? null, case: forCase === undefined ? null : caseOf(forCase, people) };
  const fault = groundsFault(grounds, { isDemanded: person !== undefined, people });
  if (fault !== undefined) throw asWrongUse(fault);
  return grounds;
}

/** Throws `CommandFailure` unless a reason is 10 to 500 characters without the number of a person. */
export function checkReason(reason: string, people: readonly string[] = []): void {
  const fault = groundsFault({ reason: reason.trim(), case: null }, { isDemanded: false, people });
  if (fault !== undefined) throw asWrongUse(fault);
}

/** Returns the case that an option names as AGENCY/NUMBER. */
export function caseOf(text: string, people: readonly string[], option = '--for-case'): EntryCase {
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1) throw new CommandFailure('usage', `${option} takes AGENCY/NUMBER`);
  const found = { agency: text.slice(0, slash), number: text.slice(slash + 1) };
  const fault = groundsFault({ reason: null, case: found }, { isDemanded: false, people });
  if (fault !== undefined) throw asWrongUse(fault, option);
  return found;
}

function asWrongUse({ of, fault }: GroundsFault, caseOption = '--for-case'): CommandFailure {
  if (fault === 'missing')
    return new CommandFailure('usage', 'a search for a person needs --reason and --for-case; the log keeps both');
  if (fault === 'length')
    return new CommandFailure('usage', `--reason takes ${REASON_LENGTH.least} to ${REASON_LENGTH.most} characters`);
  return notWritten(of === 'reason' ? '--reason' : caseOption, fault);
}
