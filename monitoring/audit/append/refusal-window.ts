import type { Clock } from '../../../schemas/ports/clock.js';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { Random } from '../../../schemas/ports/random.js';
import { refusalsEntry, type EntryBody } from '../entries.js';
import type { AuditLog } from '../port.js';

export interface RefusalWindowOptions {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer;
  /** Length of a window, in milliseconds. */
  readonly windowMs: number;
  /** Maximum of distinct (code, source) that are told apart in one window. */
  readonly maxSources: number;
  /** How many sources get an entry of their own: the number a second in the long run, and the number at once. */
  readonly named: { readonly perSecond: number; readonly burst: number };
}

/** A refusal that is counted and has no entry of its own. */
export interface CountedRefusal {
  readonly code: string;
  readonly source: string;
  /** The caller, if it is known. */
  readonly agency?: string | undefined;
  readonly system?: string | undefined;
}

interface Count {
  readonly refusal: CountedRefusal;
  count: number;
}

/** The source under which sources beyond the bounds are counted together. */
const OTHER = 'other';

/**
 * Counts refusals that are answered at once: one entry per window, code, source and known caller. The
 * entries are written after the window; a crash loses the counts of that time and no others.
 *
 * Bounded: where there are too many sources, those with the fewest refusals are counted together as
 * source `other`, so that a crowd cannot fill the log. A known caller is always named.
 *
 * While the log cannot be written, the counts are kept and go on growing in place. An entry whose
 * reply was lost is written again as it was: the copy has the same `requestId`.
 */
export class RefusalWindow {
  readonly #options: RefusalWindowOptions;
  #open = new Map<string, Count>();
  /** Entries that were not written, or whose reply was lost. They are written before any later one. */
  #unwritten: readonly EntryBody[] = [];
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Entries with a source of their own that may be written now. */
  #allowance: number;
  #allowanceAt: number;

  constructor(options: RefusalWindowOptions) {
    this.#options = options;
    this.#allowance = options.named.burst;
    this.#allowanceAt = options.clock.monotonic();
  }

  /** Counts one refusal. Never throws and never waits. */
  count(refusal: CountedRefusal): void {
    const known = this.#open.get(keyOf(refusal));
    if (known !== undefined) known.count += 1;
    else this.#begin(this.#open.size < this.#options.maxSources ? refusal : { ...refusal, source: OTHER });
    this.#schedule();
  }

  /** Writes what was counted until now. Never rejects: what could not be written is logged, and kept. */
  async flush(): Promise<void> {
    await this.#writing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#write();
  }

  #begin(refusal: CountedRefusal): void {
    const key = keyOf(refusal);
    const known = this.#open.get(key);
    if (known === undefined) this.#open.set(key, { refusal, count: 1 });
    else known.count += 1;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, this.#options.windowMs);
    this.#timer.unref();
  }

  #write(): Promise<void> {
    this.#writing = this.#writeWaiting().finally(() => {
      this.#writing = undefined;
      if (this.#open.size > 0 || this.#unwritten.length > 0) this.#schedule();
    });
    return this.#writing;
  }

  /** Drafts new entries only when no older one waits, so that what waits stays bounded. */
  async #writeWaiting(): Promise<void> {
    if (this.#unwritten.length > 0) await this.#append(this.#unwritten);
    if (this.#unwritten.length === 0 && this.#open.size > 0) await this.#append(this.#draft());
  }

  async #append(entries: readonly EntryBody[]): Promise<void> {
    const written = await Promise.allSettled(entries.map((body) => this.#options.audit.append({ body, beside: {} })));
    this.#unwritten = entries.filter((_, position) => written[position]?.status === 'rejected');
    if (this.#unwritten.length > 0)
      this.#options.observer.log('error', 'refusals_not_written', { entries: this.#unwritten.length });
  }

  #draft(): readonly EntryBody[] {
    const { clock, random } = this.#options;
    const counts = [...this.#open.values()];
    this.#open = new Map();
    const at = clock.now();
    return this.#withinAllowance(counts).map(({ refusal: { agency, system, ...refusal }, count }) =>
      refusalsEntry({
        requestId: random.uuid(),
        at,
        ...refusal,
        ...(agency === undefined ? {} : { agency }),
        ...(system === undefined ? {} : { system }),
        count,
      }),
    );
  }

  /** Returns the counts with a source of their own as far as the allowance goes, the largest first, and the rest together. */
  #withinAllowance(counts: readonly Count[]): readonly Count[] {
    const isBounded = ({ refusal: { system, source } }: Count): boolean => system === undefined && source !== OTHER;
    const allowance = this.#refill();
    const sources = counts.filter(isBounded).sort((one, other) => other.count - one.count);
    this.#allowance = Math.max(0, allowance - sources.length);
    const together = new Map<string, Count>();
    for (const { refusal, count } of [
      ...counts.filter((one) => !isBounded(one)),
      ...sources.slice(0, allowance),
      ...sources.slice(allowance).map((one) => ({ ...one, refusal: { ...one.refusal, source: OTHER } })),
    ]) {
      const known = together.get(keyOf(refusal));
      if (known === undefined) together.set(keyOf(refusal), { refusal, count });
      else known.count += count;
    }
    return [...together.values()];
  }

  /** Returns how many sources may be named now. */
  #refill(): number {
    const { clock, named } = this.#options;
    const now = clock.monotonic();
    this.#allowance = Math.min(named.burst, this.#allowance + ((now - this.#allowanceAt) / 1000) * named.perSecond);
    this.#allowanceAt = now;
    return Math.floor(this.#allowance);
  }
}

function keyOf({ code, source, agency = '', system = '' }: CountedRefusal): string {
  return `${code} ${source} ${agency} ${system}`;
}
