import type { Clock } from '../../schemas/ports/clock.js';
import type { Sql } from '../../schemas/ports/sql.js';
import { scanEntries } from '../audit/search/scan.js';
import type { CallSpill, SpilledPart } from './call-spill.js';
import { timeDifference, type Finding, type NoEntry, type StatedCall } from './findings.js';
import type { LoggedCall, LogLine } from './log-line.js';
import { knownRequests, requestOf } from './known-requests.js';
import { statedCalls } from './stated-calls.js';

/** Between which times both logs are compared, in milliseconds of the epoch. */
export interface ComparedRange {
  readonly since: number;
  readonly until: number;
}

export interface ReconciliationOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly register: string;
  /** Limits of the comparison. What is not given is the first or last time in the register's log. */
  readonly range: Partial<ComparedRange>;
  /** How far clocks may differ, in milliseconds. */
  readonly toleranceMs: number;
  readonly spill: CallSpill;
}

/** How much was compared. */
export interface Compared {
  /** Lines of the register's log that are calls, and those of other clients or providers. */
  calls: number;
  others: number;
  /** Calls outside the range, which were left out. */
  outside: number;
  /** Calls that stand in an entry. */
  matched: number;
  /** Entries that state calls to the register within the range. */
  entries: number;
  /** Calls of which an entry names no id, so that they cannot be compared. */
  unnamed: number;
  /** Entries that are not as they were written. */
  changed: number;
}

/** The log of a register has no time, so that it is not known what to compare it with. */
export class NoTimes extends Error {}

/** An entry is committed at the end of its request: this long after its calls at most. */
const LONGEST_REQUEST_MS = 3_600_000;

/**
 * Compares the log of a register with the audit log, by the ids that calls carried.
 *
 * {@link Reconciliation.readLog} takes the register's log first; then {@link Reconciliation.findings} reads the entries and
 * yields what differs, in no order. Memory does not grow with either log: both lie in a {@link CallSpill} meanwhile.
 */
export class Reconciliation {
  readonly compared: Compared = { calls: 0, others: 0, outside: 0, matched: 0, entries: 0, unnamed: 0, changed: 0 };
  readonly #options: ReconciliationOptions;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(options: ReconciliationOptions) {
    this.#options = options;
  }

  /** The range that is compared. Throws {@link NoTimes}. */
  get range(): ComparedRange {
    const { since = this.#first, until = this.#last } = this.#options.range;
    if (!Number.isFinite(since) || !Number.isFinite(until)) throw new NoTimes();
    return { since, until };
  }

  /** Reads the register's log to its end, and yields what can be said without entries. */
  async *readLog(lines: AsyncIterable<LogLine>): AsyncGenerator<Finding> {
    for await (const line of lines) {
      if (line.kind === 'broken') yield { kind: 'broken_line', line: line.line, fault: line.fault };
      else if (line.kind === 'other') this.compared.others += 1;
      else yield* this.#take(line);
    }
  }

  /** Reads the entries and yields what differs. */
  async *findings(): AsyncGenerator<Finding> {
    const { spill } = this.#options;
    await this.#readEntries();
    for await (const part of spill.parts()) {
      yield* this.#callsOf(part);
      for (const [callId, records] of part.right) {
        const entries = records.map(statedOf).filter(({ isDemanded }) => isDemanded);
        if (entries.length > 0 && !part.left.has(callId))
          yield { kind: 'entry_without_call', callId, entries: entries.map(({ stated }) => stated) };
      }
    }
  }

  async *#take(call: LoggedCall): AsyncGenerator<Finding> {
    const { compared } = this;
    const { line, id, requestInTs, responseOutTs, server } = call;
    const begin = requestInTs ?? responseOutTs;
    const end = responseOutTs ?? requestInTs;
    if (begin !== null && end !== null) {
      if (this.#isOutside(begin, end)) {
        compared.outside += 1;
        return;
      }
      this.#first = Math.min(this.#first, begin);
      this.#last = Math.max(this.#last, end);
    }
    compared.calls += 1;
    if (id === null || requestOf(id) === undefined) {
      const why = id === null ? 'no_id' : 'id_of_other';
      yield { kind: 'call_without_entry', line, callId: null, why, requestInTs };
    } else
      await this.#options.spill.left.add(id, `${line} ${requestInTs ?? ''} ${responseOutTs ?? ''} ${server ?? ''}`);
  }

  #isOutside(begin: number, end: number): boolean {
    const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = this.#options.range;
    const { toleranceMs } = this.#options;
    return end < since - toleranceMs || begin > until + toleranceMs;
  }

  async #readEntries(): Promise<void> {
    const { sql, clock, register, toleranceMs, spill } = this.#options;
    const { compared, range } = this;
    const filter = {
      kind: 'completion',
      register,
      since: new Date(range.since - toleranceMs).toISOString(),
      until: new Date(range.until + toleranceMs + LONGEST_REQUEST_MS).toISOString(),
    };
    for await (const { found } of scanEntries({ sql, clock, filter })) {
      for (const one of found) {
        if (!one.entry.intact || one.entry.differences.length > 0) compared.changed += 1;
        const stated = statedCalls(one, register);
        if (stated === undefined) continue;
        const { log, index, from, to, callIds, unnamed } = stated;
        // Of an entry at the edge, the register's log may begin after its calls or end before them.
        const isDemanded = from >= range.since && to <= range.until;
        if (isDemanded) {
          compared.entries += 1;
          compared.unnamed += unnamed;
        }
        for (const id of callIds) await spill.right.add(id, `${log} ${index} ${from} ${to} ${isDemanded ? 1 : 0}`);
      }
    }
  }

  async *#callsOf({ left, right }: SpilledPart): AsyncGenerator<Finding> {
    const { toleranceMs } = this.#options;
    const missing: LoggedCall[] = [];
    for (const [callId, records] of left) {
      const calls = records.map((record) => callOf(callId, record));
      yield* repeated(callId, calls);
      const entries = (right.get(callId) ?? []).map(statedOf);
      if (entries.length === 0) missing.push(...calls);
      else this.compared.matched += calls.length;
      for (const call of calls)
        for (const { stated } of entries) {
          const byMs = timeDifference(call, stated, toleranceMs);
          if (byMs !== undefined) yield { kind: 'time_differs', callId, line: call.line, entry: stated, byMs };
        }
    }
    yield* this.#without(missing);
  }

  async *#without(calls: readonly LoggedCall[]): AsyncGenerator<Finding> {
    const known = await knownRequests(
      this.#options.sql,
      calls.map(({ id }) => id ?? ''),
      this.range,
    );
    for (const { line, id, requestInTs } of calls) {
      const why: NoEntry = known.has(requestOf(id ?? '') ?? '') ? 'not_named' : 'no_entry';
      yield { kind: 'call_without_entry', line, callId: id, why, requestInTs };
    }
  }
}

/** Two security servers write one call; one server writes it once. */
function* repeated(callId: string, calls: readonly LoggedCall[]): Generator<Finding> {
  for (const server of new Set(calls.map((call) => call.server))) {
    const lines = calls.filter((call) => call.server === server).map(({ line }) => line);
    if (lines.length > 1) yield { kind: 'call_repeated', callId, lines };
  }
}

function callOf(id: string, record: string): LoggedCall {
  const [line = '', requestIn = '', responseOut = '', server = ''] = record.split(' ');
  return {
    id,
    line: Number(line),
    requestInTs: requestIn === '' ? null : Number(requestIn),
    responseOutTs: responseOut === '' ? null : Number(responseOut),
    server: server === 'Client' || server === 'Producer' ? server : null,
  };
}

function statedOf(record: string): { readonly stated: StatedCall; readonly isDemanded: boolean } {
  const [log = '', index, from, to, isDemanded] = record.split(' ');
  return {
    stated: { log, index: Number(index), from: Number(from), to: Number(to) },
    isDemanded: isDemanded === '1',
  };
}
