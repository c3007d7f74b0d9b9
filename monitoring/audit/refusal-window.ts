import type { Clock } from '../../schemas/ports/clock.js';
import type { Random } from '../../schemas/ports/random.js';
import { refusalsEntry } from './entries.js';
import type { AuditLog } from './port.js';

export interface RefusalWindowOptions {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  /** Maximum of distinct (code, source) in one window. Further ones are counted as source `other`. */
  readonly maxSources: number;
  /** Length of a window, in milliseconds. */
  readonly windowMs: number;
}

interface Counted {
  readonly code: string;
  readonly source: string;
  count: number;
  readonly committed: Promise<void>;
}

/**
 * Counts refusals before authentication: one entry per window, code and source, so that a caller
 * without a token cannot fill the log. `count` resolves after the commit of the entry that counts the
 * refusal. It rejects with `AuditUnavailable` if the entry was not written.
 */
export class RefusalWindow {
  readonly #options: RefusalWindowOptions;
  readonly #open = new Map<string, Counted>();

  constructor(options: RefusalWindowOptions) {
    this.#options = options;
  }

  count({ code, source }: { readonly code: string; readonly source: string }): Promise<void> {
    const known = this.#open.get(`${code} ${source}`);
    if (known !== undefined) {
      known.count += 1;
      return known.committed;
    }
    if (source !== OTHER && this.#open.size >= this.#options.maxSources) return this.count({ code, source: OTHER });
    return this.#start(code, source);
  }

  #start(code: string, source: string): Promise<void> {
    const key = `${code} ${source}`;
    const counted: Counted = { code, source, count: 1, committed: this.#closeAfterWindow(key) };
    this.#open.set(key, counted);
    return counted.committed;
  }

  async #closeAfterWindow(key: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#options.windowMs));
    const counted = this.#open.get(key);
    this.#open.delete(key);
    if (counted === undefined) return;
    const { audit, clock, random } = this.#options;
    const { code, source, count } = counted;
    await audit.append({
      body: refusalsEntry({ requestId: random.uuid(), at: clock.now(), code, source, count }),
      beside: {},
    });
  }
}

/** The source under which sources beyond the limit are counted. */
const OTHER = 'other';
