import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What a server says of itself: it takes connections; it is starting up, recovering or shutting down; nothing. */
export type ServerState = 'ready' | 'recovering' | 'silent';

export interface ReadinessOptions {
  readonly ask: () => Promise<ServerState>;
  /** Returns true once the server has ended, or is no longer wanted. */
  readonly hasEnded: () => boolean;
  /** How long a server may be silent, in milliseconds. */
  readonly limitMs: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

const LOOK_AGAIN_MS = 15;

/**
 * Waits until a server takes connections. Resolves with false if it has ended or says nothing for the limit.
 *
 * A server that says that it is not ready yet is recovering what a crash left: that takes as long as it takes, and a
 * server that is ended meanwhile begins again at its next start.
 */
export async function becomesReady({
  ask,
  hasEnded,
  limitMs,
  now = () => performance.now(),
}: ReadinessOptions): Promise<boolean> {
  let silentSince = now();
  while (!hasEnded() && now() - silentSince < limitMs) {
    const state = await ask();
    if (state === 'ready') return true;
    if (state === 'recovering') silentSince = now();
    await sleep(LOOK_AGAIN_MS);
  }
  return false;
}

/** SQLSTATE of a server that is starting up, in recovery, or shutting down. */
const CANNOT_CONNECT_NOW = '57P03';

/** Asks a server for its state with one connection. */
export async function askServerState(settings: pg.ClientConfig): Promise<ServerState> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return 'ready';
  } catch (error) {
    return (error as { code?: unknown }).code === CANNOT_CONNECT_NOW ? 'recovering' : 'silent';
  } finally {
    await client.end().catch(() => undefined);
  }
}
