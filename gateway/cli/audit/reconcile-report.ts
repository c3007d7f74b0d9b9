import { csvRecord } from '../../../monitoring/export/csv.js';
import type { Finding, NoEntry, StatedCall } from '../../../monitoring/reconciliation/findings.js';
import type { LineFault, LogLine } from '../../../monitoring/reconciliation/log-line.js';
import type { Reconciliation } from '../../../monitoring/reconciliation/reconciliation.js';

/** Differences that one comparison finds at most. */
export const MOST_DIFFERENCES = 1_000_000;
/** Differences of a kind that a text shows. */
const SHOWN = 20;

/** More differences than two logs of one register can have. */
export class TooManyDifferences extends Error {}

export interface ReconcileReportOptions {
  readonly reconciliation: Reconciliation;
  readonly register: string;
  /** As the command names it. */
  readonly file: string;
}

/** Counts what a comparison finds, and keeps the first of each kind. */
export class ReconcileReport {
  readonly #options: ReconcileReportOptions;
  readonly #counts = new Map<Finding['kind'], number>();
  readonly #first: Finding[] = [];

  constructor(options: ReconcileReportOptions) {
    this.#options = options;
  }

  get differences(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Yields every difference, those of the register's log first. Rejects with {@link TooManyDifferences}. */
  async *take(lines: AsyncIterable<LogLine>): AsyncGenerator<Finding> {
    const { reconciliation } = this.#options;
    for (const findings of [reconciliation.readLog(lines), reconciliation.findings()])
      for await (const finding of findings) {
        this.#count(finding);
        yield finding;
      }
  }

  #count(finding: Finding): void {
    const count = (this.#counts.get(finding.kind) ?? 0) + 1;
    this.#counts.set(finding.kind, count);
    if (count <= SHOWN) this.#first.push(finding);
    if (this.differences > MOST_DIFFERENCES) throw new TooManyDifferences();
  }

  /** Returns how much was compared, as a line of JSON. */
  asJson(): string {
    const { reconciliation, register } = this.#options;
    const { since, until } = reconciliation.range;
    const differences = Object.fromEntries(KINDS.map((kind) => [kind, this.#counts.get(kind) ?? 0]));
    const range = { since: timeText(since), until: timeText(until) };
    return `${JSON.stringify({ kind: 'compared', register, ...range, ...reconciliation.compared, differences })}\n`;
  }

  /** Returns how much was compared, and the first differences of each kind, for a person. */
  asText(): string {
    const { reconciliation, register, file } = this.#options;
    const { calls, others, outside, matched, entries, unnamed, changed } = reconciliation.compared;
    const { since, until } = reconciliation.range;
    const also = (count: number, text: string): readonly string[] => (count === 0 ? [] : [text]);
    return [
      `${register}, from ${timeText(since)} to ${timeText(until)}`,
      `${file}: ${calls} calls, ${matched} of them in an entry.`,
      ...also(others, `${others} lines are of other clients or providers and were left out.`),
      ...also(outside, `${outside} calls are outside that time and were left out.`),
      `Audit log: ${entries} entries with calls.`,
      ...also(unnamed, `${unnamed} of their calls carried no id, so nothing can be said of them.`),
      ...also(changed, `${changed} entries are not as they were written: tereze audit verify names them.`),
      ...(this.differences === 0 ? ['Nothing differs.'] : KINDS.flatMap((kind) => this.#ofKind(kind))),
      '',
    ].join('\n');
  }

  #ofKind(kind: Finding['kind']): readonly string[] {
    const count = this.#counts.get(kind) ?? 0;
    if (count === 0) return [];
    const shown = this.#first.filter((finding) => finding.kind === kind);
    return [
      '',
      `${count} ${count === 1 ? TITLES[kind].one : TITLES[kind].many}:`,
      ...shown.map((finding) => `  ${lineOf(finding, this.#options.file)}`),
      ...(count > shown.length ? [`  and ${count - shown.length} more: --out FILE or --json has all`] : []),
    ];
  }
}

const TITLES: Readonly<Record<Finding['kind'], { readonly one: string; readonly many: string }>> = {
  call_without_entry: { one: 'call without an entry', many: 'calls without an entry' },
  entry_without_call: {
    one: 'call of an entry that the register does not have',
    many: 'calls of entries that the register does not have',
  },
  time_differs: { one: 'call at another time', many: 'calls at another time' },
  call_repeated: {
    one: 'call that the register has more than once',
    many: 'calls that the register has more than once',
  },
  broken_line: { one: 'line that cannot be read', many: 'lines that cannot be read' },
};
const KINDS = Object.keys(TITLES) as readonly Finding['kind'][];

const REASONS: Readonly<Record<NoEntry, string>> = {
  no_entry: 'no entry is of its request',
  not_named: 'entries are of its request and do not name it',
  id_of_other: 'its id is none that Tereze gives',
  no_id: 'it carried no id',
};

const FAULTS: Readonly<Record<LineFault, string>> = {
  json: 'not JSON of one record',
  cells: 'not as many cells as the first line',
  id: 'the id is no text',
  time: 'a time is none, or without its zone',
  length: 'longer than 65536 characters',
  encoding: 'not UTF-8',
  end: 'the file ends within it',
};

function lineOf(finding: Finding, file: string): string {
  switch (finding.kind) {
    case 'broken_line':
      return `${file}:${finding.line}: ${FAULTS[finding.fault]}`;
    case 'call_without_entry': {
      const { line, callId, why, requestInTs } = finding;
      const at = requestInTs === null ? '' : `, ${timeText(requestInTs)}`;
      return `${file}:${line}: ${callId ?? 'a call'}${at}: ${REASONS[why]}`;
    }
    case 'call_repeated':
      return `${finding.callId}: ${finding.lines.map((line) => `${file}:${line}`).join(', ')}`;
    case 'entry_without_call':
      return `${finding.callId} of ${finding.entries.map(placeOf).join(', ')}`;
    case 'time_differs': {
      const { line, callId, entry, byMs } = finding;
      return `${file}:${line}: ${callId}: ${Math.abs(byMs)} ms ${byMs < 0 ? 'before' : 'after'} the calls of ${placeOf(entry)}`;
    }
  }
}

function placeOf({ log, index, from, to }: StatedCall): string {
  return `${log}/${index} (${timeText(from)} to ${timeText(to)})`;
}

/** Names of the columns of a table of differences. */
export const FINDING_HEAD = csvRecord(['kind', 'line', 'callId', 'entry', 'why', 'requestInTs', 'byMs']);

/** Returns a difference as a record of a table; one that has several lines or entries has them in one cell. */
export function findingAsCsv(finding: Finding): string {
  const { lines, callId, entries, why, requestInTs, byMs } = cellsOf(finding);
  const places = entries?.map(({ log, index }) => `${log}/${index}`);
  return csvRecord([
    ...[finding.kind, lines?.join(' ') ?? null, callId ?? null, places?.join(' ') ?? null],
    ...[why ?? null, typeof requestInTs === 'number' ? timeText(requestInTs) : null, byMs ?? null],
  ]);
}

interface Cells {
  readonly lines?: readonly number[];
  readonly callId?: string | null;
  readonly entries?: readonly StatedCall[];
  readonly why?: string;
  readonly requestInTs?: number | null;
  readonly byMs?: number;
}

function cellsOf(finding: Finding): Cells {
  switch (finding.kind) {
    case 'broken_line':
      return { lines: [finding.line], why: finding.fault };
    case 'time_differs':
      return { ...finding, lines: [finding.line], entries: [finding.entry] };
    case 'call_without_entry':
      return { ...finding, lines: [finding.line] };
    case 'call_repeated':
    case 'entry_without_call':
      return finding;
  }
}

/** Returns a difference as a line of JSON. */
export function findingAsJson(finding: Finding): string {
  return `${JSON.stringify(finding)}\n`;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
