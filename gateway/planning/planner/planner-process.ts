import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlannerReply, PlannerRequest } from './protocol.js';

/** A planner's process did not answer: it ended, or it had to be ended at the deadline. */
export class PlannerProcessEnded extends Error {
  readonly reason: 'crash' | 'deadline';

  constructor(reason: 'crash' | 'deadline') {
    super(`the planner's process ended: ${reason}`);
    this.name = 'PlannerProcessEnded';
    this.reason = reason;
  }
}

interface Asked {
  readonly resolve: (reply: PlannerReply) => void;
  readonly reject: (error: PlannerProcessEnded) => void;
}

/** Beside this module, in the same language: source in development, built in an installation. */
export const PLANNER_PROGRAM = new URL(`./program${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/**
 * One process with the native planner in it. Asked one thing at a time, so that what ends it is known.
 * Keeps its parent alive only while it is asked; gets nothing of its parent's environment, and what it
 * writes goes nowhere: native code that fails writes what it pleases.
 */
export class PlannerProcess {
  readonly #child: ChildProcess;
  #asked: Asked | undefined;
  #hasEnded = false;
  #hasAnswered = false;

  constructor(program: URL = PLANNER_PROGRAM) {
    const execArgv = process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
    this.#child = fork(program, [], { env: {}, execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#child.on('message', (reply) => {
      this.#hasAnswered = true;
      this.#settle(({ resolve }) => resolve(reply as PlannerReply));
    });
    for (const event of ['exit', 'error'] as const) this.#child.on(event, () => this.#end('crash'));
    yieldToOthers(this.#child.pid);
    this.#child.unref();
    this.#child.channel?.unref();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** False while it begins. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Rejects with `PlannerProcessEnded`; at the deadline the process is ended, whatever it is at. */
  async ask(request: PlannerRequest, deadlineMs: number): Promise<PlannerReply> {
    if (this.#hasEnded) throw new PlannerProcessEnded('crash');
    this.#child.channel?.ref();
    const deadline = setTimeout(() => this.#end('deadline'), deadlineMs);
    try {
      return await new Promise<PlannerReply>((resolve, reject) => {
        this.#asked = { resolve, reject };
        this.#child.send(request, (error) => {
          if (error) this.#end('crash');
        });
      });
    } finally {
      clearTimeout(deadline);
      this.#child.channel?.unref();
    }
  }

  /** Ends it now. Resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.ref();
    this.#end('crash');
    await gone;
  }

  #end(reason: 'crash' | 'deadline'): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#child.kill('SIGKILL');
    this.#settle(({ reject }) => reject(new PlannerProcessEnded(reason)));
  }

  #settle(tell: (asked: Asked) => void): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked) tell(asked);
  }
}

/** Whoever is answered goes before what is planned: a plan that takes long takes no processor from anybody. Where the system does not allow it, all are alike. */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    return;
  }
}
