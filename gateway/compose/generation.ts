import type { Observer } from '../../schemas/ports/observer.js';
import type { Config } from '../config/schema.js';
import type { ServedGeneration } from '../http/generation-server.js';
import type { LogReaders } from '../http/log-routes.js';
import type { Replaced, RunningServers } from '../http/servers.js';
import type { OfficersApi } from '../officers/answering.js';

/** Everything that comes from one reading of the configuration and its files, and that a reload replaces. */
export interface Generation {
  readonly served: ServedGeneration;
  /** What officers are served; undefined if they are not. */
  readonly officers?: OfficersApi | undefined;
  /** Who may see entries at the address of the log. */
  readonly logReaders: LogReaders;
  /** Hash of supergraph and consent index. */
  readonly catalogue: string;
  /** Whether it was opened over a current database. Otherwise it answers no question, and another must follow. */
  readonly isOverCurrent: boolean;
  close(): Promise<void>;
}

/** Parts of the configuration that a running gateway cannot change, because its addresses, database and log depend on them. */
const LASTING = [
  'version',
  'environment',
  'jurisdiction',
  'server',
  'database',
  'state',
  'audit',
  'telemetry',
  'web',
] as const satisfies readonly (keyof Config)[];

/** The configuration changed in a part that only a restart can change. */
export class ReloadRefused extends Error {
  constructor(parts: readonly string[]) {
    super(`${parts.join(', ')}: changed, which takes a restart`);
    this.name = 'ReloadRefused';
  }
}

/** Time after which a generation that could not be opened over a current database is tried again, in milliseconds. */
const AGAIN_MS = 5_000;

export interface ReloadingOptions {
  readonly config: Config;
  readonly first: Generation;
  readonly servers: Pick<RunningServers, 'replace'>;
  /** Called with each next generation once it serves callers. */
  readonly onServed?: (generation: Generation) => void;
  /** Opens the generation of a configuration. Rejects, and leaves nothing open, if any of its files cannot be used. */
  readonly open: (config: Config) => Promise<Generation>;
  readonly observer: Observer;
}

/**
 * Replaces a gateway's generation by the next: schemas, consent index, contracts, rules, trusted
 * documents and adapters together, or none of them. Reloads run one after another, in the order in which
 * they were requested.
 */
export class Reloading {
  readonly #options: ReloadingOptions;
  #current: Generation;
  #config: Config;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: ReloadingOptions) {
    this.#options = options;
    this.#current = options.first;
    this.#config = options.config;
  }

  /**
   * Reads what depends on the database again, with the configuration that is served. Resolves when the generation over a
   * current database serves, or the gateway closes.
   */
  async untilOverCurrent(): Promise<void> {
    do {
      await this.reload(async () => this.#config);
      if (this.#current.isOverCurrent || this.#isClosed) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
    } while (!this.#isClosed);
  }

  /**
   * Resolves when the next generation serves and the one before has ended, or when the reload was refused and nothing
   * has changed. The log says which, and why.
   */
  reload(read: () => Promise<Config>): Promise<void> {
    this.#last = this.#last.then(() => this.#replace(read));
    return this.#last;
  }

  /** Ends the current generation, after a reload that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.#current.close();
  }

  async #replace(read: () => Promise<Config>): Promise<void> {
    const { observer } = this.#options;
    const before = this.#current;
    const replaced = await this.#serveNext(read).catch((error: unknown) => {
      observer.log('error', 'reload_refused', { reason: error instanceof Error ? error.message : 'unknown' });
      observer.count('tereze_reloads_total', { outcome: 'refused' });
    });
    if (replaced === undefined) return;
    observer.log('info', 'reloaded', { catalogue: this.#current.catalogue, before: before.catalogue });
    observer.count('tereze_reloads_total', { outcome: 'reloaded' });
    await replaced.left
      .then(() => before.close())
      .catch(() => observer.log('warn', 'reload_before_not_ended', { catalogue: before.catalogue }));
  }

  /** Opens the next generation and serves it. If either fails, rejects and leaves nothing of it open. */
  async #serveNext(read: () => Promise<Config>): Promise<Replaced> {
    const next = await this.#open(read);
    const replaced = await this.#options.servers.replace(next.served).catch(async (error: unknown) => {
      await next.close();
      throw error;
    });
    this.#current = next;
    this.#options.onServed?.(next);
    return replaced;
  }

  async #open(read: () => Promise<Config>): Promise<Generation> {
    const config = await read();
    const changed = LASTING.filter(
      (part) => JSON.stringify(config[part]) !== JSON.stringify(this.#options.config[part]),
    );
    if (changed.length > 0) throw new ReloadRefused(changed);
    const next = await this.#options.open(config);
    this.#config = config;
    return next;
  }
}
