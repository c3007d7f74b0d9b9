import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { AggregatorRegistry, type Registry } from 'prom-client';
import type { LastSeen } from '../../monitoring/write-watch.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { isObject } from '../../schemas/objects.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Gateway } from './app.js';
import type { ServerConfig } from '../config/parts/server.js';
import { readiness } from '../http/health.js';
import type { OperationsDependencies } from '../http/operations.js';
import { openOperations } from '../http/operations-server.js';

export interface WorkersOptions {
  readonly server: ServerConfig;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly random: Random;
}

/** Sent by a worker that serves. */
interface Ready {
  readonly tereze: 'ready';
  readonly url: string;
}

/** Sent to a worker. SIGHUP would not do: a terminal that closes sends it to the whole group. */
interface Reload {
  readonly tereze: 'reload';
}

/** Sent by a worker that serves, again and again: whether it is ready. */
interface ReadinessReport {
  readonly tereze: 'readiness';
  readonly ok: boolean;
}

const RESTART_MS = 1_000;
const REPORT_MS = 1_000;
/** A worker that has said nothing for longer than this does not count as ready. */
const SILENT_MS = 5_000;

/** A worker ended before it served; on standard error it said why. */
export class WorkerFailed extends Error {
  constructor() {
    super('a worker could not start; what it said stands above');
    this.name = 'WorkerFailed';
  }
}

/** Whether this process is one of several that serve one address. */
export const isWorker = (): boolean => cluster.isWorker;

/**
 * Runs this command line in `server.workers` processes that share the callers' address; this one serves
 * the operations' address, with the metrics of all of them, and restarts a worker that ends by
 * itself. Resolves when every worker serves; rejects with `WorkerFailed` or `ListenFailure` and leaves
 * none running.
 */
export async function startWorkers(options: WorkersOptions): Promise<Gateway> {
  const workers = new Workers(options);
  try {
    const url = await workers.start();
    const operations = await openOperations({
      ...operationsOf(workers, options),
      config: options.server,
      clock: options.clock,
    });
    return {
      url,
      operationsUrl: operations.url,
      readiness: () => readiness(workers.checks),
      reload: async () => workers.reload(),
      stop: async () => {
        workers.leave();
        // A probe of readiness asks this process. The workers do not know, so they are told later.
        if (operations.isProbed()) await sleep(options.server.limits.leave_ms);
        await workers.stop();
        await operations.close();
      },
    };
  } catch (error) {
    await workers.stop();
    throw error;
  }
}

function operationsOf(workers: Workers, { observer, random }: WorkersOptions): OperationsDependencies {
  const aggregator = new AggregatorRegistry();
  return {
    observer,
    random,
    checks: workers.checks,
    metrics: { contentType: aggregator.contentType, read: () => aggregator.clusterMetrics() },
  };
}

class Workers {
  readonly #options: WorkersOptions;
  /** With what each said last. */
  readonly #serving = new Map<Worker, { ok: boolean; at: number }>();
  #isStopping = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  /** Whether as many serve as the configuration says, and whether each of them is ready. */
  readonly checks = [
    {
      name: 'workers',
      lastSeen: (): LastSeen => ({ ok: this.#serving.size === this.#options.server.workers, ageMs: 0 }),
    },
    { name: 'workers_ready', lastSeen: () => this.#leastReady() },
    { name: 'taking_requests', lastSeen: (): LastSeen => ({ ok: !this.#isStopping, ageMs: 0 }) },
  ];

  /** Says not ready from here on, and restarts no worker. */
  leave(): void {
    this.#isStopping = true;
  }

  /** Resolves with the address that they share. */
  async start(): Promise<string> {
    const urls = await Promise.all(Array.from({ length: this.#options.server.workers }, () => this.#fork()));
    const pids = [...this.#serving.keys()].flatMap(({ process: { pid } }) => pid ?? []);
    this.#options.observer.log('info', 'workers_serve', { pids: pids.join(' ') });
    return urls[0] ?? '';
  }

  /** Each by itself, so for a moment some serve what others no longer do. */
  reload(): void {
    for (const worker of this.#serving.keys()) worker.send({ tereze: 'reload' } satisfies Reload);
  }

  /** Each drains what it has in flight. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const ending = Object.values(cluster.workers ?? {}).flatMap((worker) =>
      worker === undefined ? [] : [ended(worker)],
    );
    await Promise.all(ending);
  }

  /** The worker that was heard of longest ago, and whether all of them said that they are ready. */
  #leastReady(): LastSeen {
    const now = this.#options.clock.monotonic();
    const reports = [...this.#serving.values()].map(({ ok, at }) => ({ ok, ageMs: Math.round(now - at) }));
    return {
      ok: reports.every(({ ok, ageMs }) => ok && ageMs <= SILENT_MS),
      ageMs: Math.max(0, ...reports.map(({ ageMs }) => ageMs)),
    };
  }

  #fork(): Promise<string> {
    const worker = cluster.fork();
    return new Promise((resolve, reject) => {
      worker.on('message', (message: unknown) => {
        if (isReadinessReport(message) && this.#serving.has(worker))
          this.#serving.set(worker, { ok: message.ok, at: this.#options.clock.monotonic() });
        if (!isReady(message)) return;
        this.#serving.set(worker, { ok: true, at: this.#options.clock.monotonic() });
        worker.once('exit', () => this.#replace(worker));
        resolve(message.url);
      });
      worker.once('exit', () => reject(new WorkerFailed()));
    });
  }

  #replace(worker: Worker): void {
    this.#serving.delete(worker);
    if (this.#isStopping) return;
    this.#options.observer.log('error', 'worker_ended', { pid: worker.process.pid ?? 0 });
    setTimeout(() => {
      if (!this.#isStopping) this.#fork().catch(() => this.#replace(worker));
    }, RESTART_MS);
  }
}

function ended(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    worker.process.kill('SIGTERM');
  });
}

/**
 * Reports to the first process that this worker serves, and every second whether it is ready; gives it
 * access to the metrics.
 */
export function reportReady({ url, readiness: ready }: Pick<Gateway, 'url' | 'readiness'>, registry: Registry): void {
  AggregatorRegistry.setRegistries([registry]);
  // The constructor listens for the first process's request for metrics.
  new AggregatorRegistry();
  process.send?.({ tereze: 'ready', url } satisfies Ready);
  setInterval(() => {
    if (process.connected)
      process.send?.({ tereze: 'readiness', ok: ready().status === 'ready' } satisfies ReadinessReport);
  }, REPORT_MS).unref();
}

/**
 * Resolves when the first process is gone. Calls `reload` whenever it asks for that. Must be called when this worker
 * serves: a worker that loses the first process before ends at once, since nothing gives it an address.
 */
export function leftByFirst(reload: () => void): Promise<void> {
  process.on('message', (message: unknown) => {
    if (isObject(message) && message['tereze'] === 'reload') reload();
  });
  return new Promise((resolve) => {
    cluster.worker?.once('disconnect', () => {
      // Without this, Node ends the process at once (lib/internal/cluster/child.js), and with it what is in flight.
      if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
      resolve();
    });
  });
}

/** Lets this worker end. */
export function leaveFirst(): void {
  if (process.connected) process.disconnect();
}

function isReady(message: unknown): message is Ready {
  return (
    typeof message === 'object' &&
    message !== null &&
    'tereze' in message &&
    message.tereze === 'ready' &&
    'url' in message &&
    typeof message.url === 'string'
  );
}

function isReadinessReport(message: unknown): message is ReadinessReport {
  return (
    typeof message === 'object' &&
    message !== null &&
    'tereze' in message &&
    message.tereze === 'readiness' &&
    'ok' in message &&
    typeof message.ok === 'boolean'
  );
}
