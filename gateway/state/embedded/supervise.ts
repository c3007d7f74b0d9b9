/** A server to supervise, and how to report on it. */
export interface SupervisedServer {
  isRunning(): boolean;
  /** Starts it again; rejects when that failed. */
  start(): Promise<unknown>;
  /** `restarted`: the server had ended and runs again. `failed`: it ended and did not start; the next attempt follows. */
  onEvent(event: SupervisionEvent): void;
  /** Milliseconds between checks. Each failure doubles the time, up to thirty times this. */
  readonly everyMs: number;
}

export type SupervisionEvent = 'restarted' | 'failed';

export interface Supervision {
  /** Ends the checks, and waits for one that is under way. */
  stop(): Promise<void>;
}

const LONGEST_PAUSE = 30;

/**
 * Starts a server again if it ended by itself: killed, out of memory, crashed. Until it runs again, everything that
 * needs it fails closed. The timer keeps no process alive.
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
