import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlannerReply, PlannerRequest } from './protocol.js';

/** The process of a planner did not answer: it crashed, or it was ended at the deadline. */
export class PlannerProcessEnded extends Error {
  readonly reason: 'crash' | 'deadline';

  constructor(reason: 'crash' | 'deadline') {
    super(`the planner's process ended: ${reason}`);
    this.name = 'PlannerProcessEnded';
    this.reason = reason;
  }
}

/** The request that the process is working on. */
interface PendingRequest {
  readonly resolve: (reply: PlannerReply) => void;
  readonly reject: (error: PlannerProcessEnded) => void;
}

/** The program of a planner's process: beside this module, with the same extension: TypeScript in development, JavaScript in an installation. */
export const PLANNER_PROGRAM = new URL(`./program${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/**
 * A process that runs the native planner. It works on one request at a time, so that the request that
 * crashes it is known. It keeps its parent alive only during a request. It gets no environment variables
 * of its parent. Its output is discarded, because native code that fails may write anything.
 */
export class PlannerProcess {
  readonly #child: ChildProcess;
  #pending: PendingRequest | undefined;
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
    lowerPriority(this.#child.pid);
    this.#child.unref();
    this.#child.channel?.unref();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** False until the first reply. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Resolves with the reply. Rejects with `PlannerProcessEnded` if the process ends. At the deadline, `ask` ends the process. */
  async ask(request: PlannerRequest, deadlineMs: number): Promise<PlannerReply> {
    if (this.#hasEnded) throw new PlannerProcessEnded('crash');
    this.#child.channel?.ref();
    const deadline = setTimeout(() => this.#end('deadline'), deadlineMs);
    try {
      return await new Promise<PlannerReply>((resolve, reject) => {
        this.#pending = { resolve, reject };
        this.#child.send(request, (error) => {
          if (error) this.#end('crash');
        });
      });
    } finally {
      clearTimeout(deadline);
      this.#child.channel?.unref();
    }
  }

  /** Ends the process now. Resolves when it has exited. */
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

  #settle(settle: (pending: PendingRequest) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) settle(pending);
  }
}

/** Lowers the priority of the process, so that a long plan takes no processor time from other requests. Does nothing if the system does not allow it. */
function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    return;
  }
}
