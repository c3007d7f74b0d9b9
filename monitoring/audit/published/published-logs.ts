import { join } from 'node:path';
import type { Observer } from '../../../schemas/ports/observer.js';
import type { Sql } from '../../../schemas/ports/sql.js';
import { readSignedLogs } from '../checkpoints/stored-checkpoints.js';
import { LOG_NAME, numberOfLog } from '../log-name.js';
import { TreeDiffers } from '../tree/stored-tree.js';
import { PublishedLog } from './published-log.js';
import { TileStore } from './tile-store.js';

export interface PublishedLogsOptions {
  readonly sql: Sql;
  readonly observer: Observer;
  /** Folder of the copies of full tiles; one below it for each log. */
  readonly folder: string;
  /** Identifies this process among those that write the folder. */
  readonly writer: string;
  /** Whether the database may be believed. */
  readonly isStateCurrent: () => boolean;
}

/** How often it is looked for new checkpoints, in milliseconds. */
const LOOK_MS = 500;

/**
 * What others may read of all logs. Follows the signed checkpoints on a clock of its own, so that readers, however many,
 * cause no query. While the database cannot be read, what was published stays.
 */
export class PublishedLogs {
  readonly #options: PublishedLogsOptions;
  readonly #logs = new Map<number, PublishedLog>();
  /** Logs whose stored tree differs from their checkpoint; each is reported once. */
  readonly #differing = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: PublishedLogsOptions) {
    this.#options = options;
  }

  /** Begins to follow, and goes on until `close`. */
  start(): void {
    const tick = (): void => {
      this.#running ??= this.#round().finally(() => (this.#running = undefined));
    };
    tick();
    this.#timer = setInterval(tick, LOOK_MS);
    this.#timer.unref();
  }

  /** Returns what is published of the log with this number, or undefined if nothing is. */
  log(number: number): PublishedLog | undefined {
    const log = this.#logs.get(number);
    return log?.checkpoint === undefined ? undefined : log;
  }

  /** Publishes the newest checkpoint of each log. Rejects if the database or the folder cannot be used. */
  async follow(): Promise<void> {
    const { sql, observer, isStateCurrent } = this.#options;
    if (!isStateCurrent()) return;
    for (const { logId, checkpoint } of await readSignedLogs(sql)) {
      if (checkpoint === undefined) continue;
      try {
        await this.#of(logId).advance(sql, checkpoint);
        this.#differing.delete(logId);
      } catch (error) {
        if (!(error instanceof TreeDiffers)) throw error;
        if (!this.#differing.has(logId)) observer.log('error', 'audit_log_not_published', { log: logId });
        this.#differing.add(logId);
      }
    }
  }

  /** Ends the following. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #of(logId: string): PublishedLog {
    const number = numberOfLog(logId);
    const known = this.#logs.get(number);
    if (known !== undefined) return known;
    const { folder, writer } = this.#options;
    const log = new PublishedLog(`${LOG_NAME}/${number}`, new TileStore(join(folder, String(number)), writer));
    this.#logs.set(number, log);
    return log;
  }

  async #round(): Promise<void> {
    try {
      await this.follow();
      this.#isFailing = false;
    } catch {
      if (!this.#isFailing) this.#options.observer.log('warn', 'audit_checkpoints_not_followed');
      this.#isFailing = true;
    }
  }
}
