/** What supervises a server, and what it is told with. */
export interface SupervisedServer {
  isRunning(): boolean;
  /** Starts it anew; rejects when that failed. */
  start(): Promise<unknown>;
  /** `restarted`: it had ended under its holder and runs again. `failed`: it ended and could not be started; it is tried again. */
  onEvent(event: SupervisionEvent): void;
  /** From one look to the next, in milliseconds; after a failure twice as long each time, up to thirty times. */
  readonly everyMs: number;
}

export type SupervisionEvent = 'restarted' | 'failed';

export interface Supervision {
  /** No look and no start after this; waits for one that is under way. */
  stop(): Promise<void>;
}

const LONGEST_PAUSE = 30;

/**
 * Starts a server again that ended under its holder: killed, out of memory, crashed. Until then
 * whoever needs it fails closed. Keeps no process alive by itself.
 */
export function supervise({ isRunning, start, onEvent, everyMs }: SupervisedServer): Supervision {
  let pauseMs = everyMs;
  let stopped = false;
  let starting: Promise<void> | undefined;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    try {
      if (isRunning()) return;
      await start();
      pauseMs = everyMs;
      onEvent('restarted');
    } catch {
      pauseMs = Math.min(pauseMs * 2, everyMs * LONGEST_PAUSE);
      onEvent('failed');
    }
  };
  const lookLater = (): void => {
    timer = setTimeout(() => {
      starting = look().finally(() => {
        if (!stopped) lookLater();
      });
    }, pauseMs).unref();
  };
  lookLater();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await starting;
    },
  };
}
