import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../../../schemas/refusal.js';
import { convertPlan } from './convert-plan.js';
import { PlannerUnavailable } from './native-planner.js';
import type { PlanNode, Planner } from '../plan.js';
import { PLANNER_PROGRAM, PlannerProcess, PlannerProcessEnded } from './planner-process.js';
import type { PlannerReply, PlannerRequest } from './protocol.js';

export interface PlannerProcessesOptions {
  /** Largest number of processes. One is started when all others are busy; what has to be planned waits for the first that is free. */
  readonly processes: number;
  /** Time for one plan, in milliseconds. */
  readonly deadlineMs: number;
  /** Called when a process ended while it was planning. */
  readonly onEnded?: (reason: PlannerProcessEnded['reason']) => void;
  readonly program?: URL;
}

const LOAD_MS = 30_000;
/** A process may also be ended from outside, so a document is refused only when two processes ended while planning it. */
const ATTEMPTS = 2;
/** Number of documents kept that crash the planner. */
const MAX_CRASHING = 1_000;

/**
 * The planner port on separate processes. The planner is native code, and some valid documents make it
 * abort its process, which no `catch` can prevent. Then only this document is refused. A document that
 * ended two processes is not planned again. A plan that takes too long is ended with its process.
 */
export class PlannerProcesses {
  readonly #options: PlannerProcessesOptions;
  readonly #all = new Set<PlannerProcess>();
  readonly #idle: PlannerProcess[] = [];
  readonly #waiting: ((process: PlannerProcess) => void)[] = [];
  readonly #crashing = new LRUCache<string, true>({ max: MAX_CRASHING });
  #isClosed = false;

  constructor(options: PlannerProcessesOptions) {
    this.#options = options;
  }

  /** Returns the planner of a supergraph. Rejects with `PlannerUnavailable` if the native library cannot be loaded, and with another error if the planner does not accept the supergraph. */
  async planner(supergraphSdl: string): Promise<Planner> {
    const supergraph = { key: sha256(supergraphSdl), supergraphSdl };
    const overridePercentages = await this.#with(supergraph, async (process) => loadInto(process, supergraph));
    return {
      overridePercentages,
      plan: (document, operationName, share) => this.#plan(supergraph, { document, operationName, share }),
    };
  }

  /** Ends all processes and starts no more. Plans under way are refused. Resolves when all processes have exited. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map((process) => process.end()));
  }

  async #plan(supergraph: Supergraph, question: Question): Promise<PlanNode | undefined> {
    const name = sha256(JSON.stringify([supergraph.key, question]));
    for (let attempt = 0; attempt < ATTEMPTS && !this.#isClosed && !this.#crashing.has(name); attempt += 1) {
      const reply = await this.#ask(supergraph, question);
      if (reply === 'crash') {
        if (attempt + 1 === ATTEMPTS) this.#crashing.set(name, true);
        continue;
      }
      if (!('planned' in reply)) break;
      return reply.planned.node === undefined ? undefined : convertPlan(reply.planned.node);
    }
    throw new Refusal('PLAN_FAILED', { reasons: ['planner'] });
  }

  /** Resolves with the reply of a process, or with `crash` if the process ended without one. Refuses with `PLAN_FAILED` at the deadline. */
  async #ask(supergraph: Supergraph, question: Question): Promise<PlannerReply | 'crash'> {
    try {
      return await this.#with(supergraph, (process) => askIn(process, supergraph, question, this.#options.deadlineMs));
    } catch (error) {
      if (!(error instanceof PlannerProcessEnded)) throw error;
      if (!this.#isClosed) this.#options.onEnded?.(error.reason);
      if (error.reason === 'crash') return 'crash';
      throw new Refusal('PLAN_FAILED', { reasons: ['deadline'], cause: error });
    }
  }

  async #with<T>(supergraph: Supergraph, work: (process: PlannerProcess) => Promise<T>): Promise<T> {
    const process = await this.#take(supergraph);
    try {
      return await work(process);
    } finally {
      this.#giveBack(process);
    }
  }

  #take(supergraph: Supergraph): PlannerProcess | Promise<PlannerProcess> {
    if (this.#isClosed) throw new PlannerProcessEnded('crash');
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (!idle.hasEnded) return idle;
      this.#all.delete(idle);
    }
    if (this.#all.size === 0) return this.#begin();
    const free = new Promise<PlannerProcess>((resolve) => this.#waiting.push(resolve));
    if (this.#all.size < this.#options.processes) void this.#addProcess(supergraph);
    return free;
  }

  /** Starts one more process and loads the supergraph. On a busy machine this takes longer than most plans, so no one waits for it alone. Never rejects. */
  async #addProcess(supergraph: Supergraph): Promise<void> {
    const process = this.#begin();
    try {
      await loadInto(process, supergraph);
    } catch {
      // Who needs the process next meets the same failure, and reports it.
    }
    this.#giveBack(process);
  }

  #begin(): PlannerProcess {
    const process = new PlannerProcess(this.#options.program ?? PLANNER_PROGRAM);
    this.#all.add(process);
    return process;
  }

  #giveBack(process: PlannerProcess): void {
    if (process.hasEnded) this.#all.delete(process);
    const next = this.#waiting.shift();
    if (next) next(process.hasEnded && !this.#isClosed ? this.#begin() : process);
    else if (!process.hasEnded) this.#idle.push(process);
  }
}

interface Supergraph {
  readonly key: string;
  readonly supergraphSdl: string;
}

type Question = Omit<Extract<PlannerRequest, { plan: unknown }>['plan'], 'key'>;

/** Plans in this process, after loading the supergraph if needed. Loading has a limit of its own, so it takes no time from the plan. */
async function askIn(
  process: PlannerProcess,
  supergraph: Supergraph,
  question: Question,
  deadlineMs: number,
): Promise<PlannerReply> {
  const request = { plan: { key: supergraph.key, ...question } };
  const reply: PlannerReply = process.hasAnswered ? await process.ask(request, deadlineMs) : { failed: 'unknown' };
  if (!('failed' in reply) || reply.failed !== 'unknown') return reply;
  await loadInto(process, supergraph);
  return process.ask(request, deadlineMs);
}

async function loadInto(process: PlannerProcess, supergraph: Supergraph): Promise<readonly number[]> {
  const reply = await process.ask({ load: supergraph }, LOAD_MS);
  if ('loaded' in reply) return reply.loaded.overridePercentages;
  if ('failed' in reply && reply.failed === 'unavailable') throw new PlannerUnavailable();
  throw new Error('the planner does not take the supergraph');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
