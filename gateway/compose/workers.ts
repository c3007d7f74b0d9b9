import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import type { Observer } from '../../schemas/ports/observer.js';
import type { Random } from '../../schemas/ports/random.js';
import type { Gateway } from './app.js';
import type { ServerConfig } from '../config/parts/server.js';
import { createHttpServer } from '../http/server.js';
import { listen } from '../http/server.js';
import { operationsApp } from '../http/operations.js';

export interface WorkersOptions {
  readonly server: ServerConfig;
  readonly observer: Observer;
  readonly random: Random;
}

/** Sent by a worker that serves. */
interface Ready {
  readonly tereze: 'ready';
  readonly url: string;
}

const RESTART_MS = 1_000;
const HEALTH_MS = 2_000;

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
    const operations = createHttpServer(operationsOf(workers, options), {
      limits: options.server.limits,
      onMalformed: async () => undefined,
    });
    const operationsUrl = await listen(operations, options.server.operations, 'server.operations.port');
    return {
      url,
      operationsUrl,
      reload: async () => workers.reload(),
      stop: async () => {
        await workers.stop();
        operations.close();
        operations.closeAllConnections();
      },
    };
  } catch (error) {
    await workers.stop();
    throw error;
  }
}

function operationsOf(workers: Workers, { observer, random }: WorkersOptions): ReturnType<typeof operationsApp> {
  const aggregator = new AggregatorRegistry();
  return operationsApp({
    observer,
    random,
    health: { checks: [{ name: 'workers', check: async () => workers.allServe }], timeoutMs: HEALTH_MS },
    metrics: { contentType: aggregator.contentType, read: () => aggregator.clusterMetrics() },
  });
}

class Workers {
  readonly #options: WorkersOptions;
  readonly #serving = new Set<Worker>();
  #isStopping = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  get allServe(): boolean {
    return this.#serving.size === this.#options.server.workers;
  }

  /** Resolves with the address that they share. */
  async start(): Promise<string> {
    const urls = await Promise.all(Array.from({ length: this.#options.server.workers }, () => this.#fork()));
    const pids = [...this.#serving].flatMap(({ process: { pid } }) => pid ?? []);
    this.#options.observer.log('info', 'workers_serve', { pids: pids.join(' ') });
    return urls[0] ?? '';
  }

  /** Each by itself, so for a moment some serve what others no longer do. */
  reload(): void {
    for (const worker of this.#serving) worker.process.kill('SIGHUP');
  }

  /** Each drains what it has in flight. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const ending = Object.values(cluster.workers ?? {}).flatMap((worker) =>
      worker === undefined ? [] : [ended(worker)],
    );
    await Promise.all(ending);
  }

  #fork(): Promise<string> {
    const worker = cluster.fork();
    return new Promise((resolve, reject) => {
      worker.on('message', (message: unknown) => {
        if (!isReady(message)) return;
        this.#serving.add(worker);
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

/** Reports to the first process that this worker serves, and gives it access to the metrics. */
export function reportReady(url: string, registry: Registry): void {
  AggregatorRegistry.setRegistries([registry]);
  // The constructor listens for the first process's request for metrics.
  new AggregatorRegistry();
  process.send?.({ tereze: 'ready', url } satisfies Ready);
}

/** Resolves when the first process asks this worker to end, or is gone. Ignores Ctrl-C, which reaches the whole group; the first process handles it. */
export function untilToldByFirst(): Promise<void> {
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
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
