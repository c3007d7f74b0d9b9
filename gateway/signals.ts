import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * What a process does at a signal.
 *
 * - `end`: it ends in order. Before it serves there is nothing to finish, so it ends at once. So it does at another
 *   signal that ends it, {@link AGAIN_MS} or more later: a terminal and npm both pass on one Ctrl-C.
 * - `reload`: it reads configuration and files again. If the terminal that it was started from is gone, it ends in order.
 * - `ignore`: nothing. The process that started it tells it.
 */
export type SignalAction = 'end' | 'reload' | 'ignore';

export type Signal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP';

/** What each process does at each signal. `docs/run.md` has the same table, with SIGKILL. */
export const SIGNALS = {
  serve: { SIGTERM: 'end', SIGINT: 'end', SIGQUIT: 'end', SIGHUP: 'reload' },
  demo: { SIGTERM: 'end', SIGINT: 'end', SIGQUIT: 'end', SIGHUP: 'end' },
  country: { SIGTERM: 'end', SIGINT: 'end', SIGQUIT: 'end', SIGHUP: 'end' },
  identity: { SIGTERM: 'end', SIGINT: 'end', SIGQUIT: 'end', SIGHUP: 'end' },
  worker: { SIGTERM: 'end', SIGINT: 'ignore', SIGQUIT: 'ignore', SIGHUP: 'ignore' },
  planner: { SIGTERM: 'ignore', SIGINT: 'ignore', SIGQUIT: 'ignore', SIGHUP: 'ignore' },
} as const satisfies Record<string, Readonly<Record<Signal, SignalAction>>>;

/** A process of Tereze. */
export type ProcessKind = keyof typeof SIGNALS;

/** From this time on, in milliseconds, another signal to end is meant as another one. */
export const AGAIN_MS = 500;
/** A shell may pass on a hang-up before the terminal is gone. */
const TERMINAL_GOES_MS = 1_000;

/** What signals may touch of the process, so that tests can stand in for it. */
export interface SignalledProcess {
  on(signal: Signal, listener: () => void): void;
  exit(code: number): void;
  /** Monotonic, milliseconds. */
  now(): number;
  /** Does something later, if the process still runs. */
  later(milliseconds: number, work: () => void): void;
  /** Whether there is a terminal that controls it. */
  hasTerminal(): boolean;
}

/** The signals of a process. Made once, before anything is started. */
export class Signals {
  /** Resolves at the first signal to end. */
  readonly toldToEnd: Promise<void>;
  readonly #process: SignalledProcess;
  readonly #hadTerminal: boolean;
  #tellToEnd: () => void = () => undefined;
  #toldAt: number | undefined;
  #isServing = false;
  #reload: () => void = () => undefined;

  constructor(kind: ProcessKind, signalled: SignalledProcess = thisProcess()) {
    this.toldToEnd = new Promise((resolve) => (this.#tellToEnd = resolve));
    this.#process = signalled;
    this.#hadTerminal = signalled.hasTerminal();
    for (const [signal, action] of Object.entries(SIGNALS[kind]) as [Signal, SignalAction][]) {
      signalled.on(signal, () => this.#act(action, signal));
    }
  }

  /** From here on there is something to finish. `reload` is what SIGHUP does, if the process reloads. */
  serve(reload: () => void = () => undefined): void {
    this.#isServing = true;
    this.#reload = reload;
  }

  #act(action: SignalAction, signal: Signal): void {
    if (action === 'end') this.#end(signal);
    if (action === 'reload') this.#hangUpOrReload();
  }

  #hangUpOrReload(): void {
    if (this.#hasLostTerminal()) return this.#end('SIGHUP');
    this.#reload();
    if (!this.#hadTerminal) return;
    this.#process.later(TERMINAL_GOES_MS, () => {
      if (this.#hasLostTerminal()) this.#end('SIGHUP');
    });
  }

  #hasLostTerminal(): boolean {
    return this.#hadTerminal && !this.#process.hasTerminal();
  }

  #end(signal: Signal): void {
    const now = this.#process.now();
    // A terminal that closes sends several hang-ups. None of them is meant as another one.
    const isMeantAgain = this.#toldAt !== undefined && signal !== 'SIGHUP' && now - this.#toldAt >= AGAIN_MS;
    if (!this.#isServing || isMeantAgain) return this.#process.exit(1);
    this.#toldAt ??= now;
    this.#tellToEnd();
  }
}

function thisProcess(): SignalledProcess {
  return {
    on: (signal, listener) => void process.on(signal, listener),
    exit: (code) => process.exit(code),
    now: () => performance.now(),
    later: (milliseconds, work) => void setTimeout(work, milliseconds).unref(),
    hasTerminal,
  };
}

/** `/dev/tty` is the terminal that controls the process, if there is one (tty(4)). */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Descriptors of standard input, output and error. */
const STANDARD = [0, 1, 2];

/**
 * Goes on when the output is gone: a terminal that was closed, a pipe without a reader. Otherwise the next line would
 * end the process, with everything that it has under way.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const terminals = STANDARD.filter((descriptor) => isatty(descriptor));
  // When it exits, Node sets the mode of each terminal that it started with, and aborts if one is gone.
  process.once('exit', () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) replaceByNothing(descriptor);
  });
}

/** Opens `/dev/null` as this descriptor: the lowest that is free is taken (open(2)). */
function replaceByNothing(descriptor: number): void {
  closeSync(descriptor);
  openSync('/dev/null', 'r+');
}
