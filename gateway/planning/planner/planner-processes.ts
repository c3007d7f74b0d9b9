import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../../../schemas/refusal.js';
import { convertPlan } from './convert-plan.js';
import { PlannerUnavailable } from './native-planner.js';
import type { PlanNode, Planner } from '../plan.js';
import { PLANNER_PROGRAM, PlannerProcess, PlannerProcessEnded } from './planner-process.js';
import type { PlannerReply, PlannerRequest } from './protocol.js';

export interface PlannerProcessesOptions {
  /** At most; further ones are begun when all are busy. */
  readonly processes: number;
  /** Time for one plan, in milliseconds. */
  readonly deadlineMs: number;
  /** Told when a process ended that was asked for a plan. */
  readonly onEnded?: (reason: PlannerProcessEnded['reason']) => void;
  readonly program?: URL;
}

const LOAD_MS = 30_000;
/** A process may also be ended from outside: only a question that ends two is to blame. */
const ATTEMPTS = 2;
/** Documents remembered that ended processes. */
const MAX_DEADLY = 1_000;

/**
 * The planner port on processes of their own. The planner is native code, and there are valid documents
 * on which it aborts the process that it is in, which no `catch` sees: then the document is refused, and
 * nothing else happens. What ended two processes is not tried again. A plan that takes too long is
 * really ended, not only given up.
 */
export class PlannerProcesses {
  readonly #options: PlannerProcessesOptions;
  readonly #all = new Set<PlannerProcess>();
  readonly #idle: PlannerProcess[] = [];
  readonly #waiting: ((process: PlannerProcess) => void)[] = [];
  readonly #deadly = new LRUCache<string, true>({ max: MAX_DEADLY });
  #isClosed = false;

  constructor(options: PlannerProcessesOptions) {
    this.#options = options;
  }

  /** The planner of a supergraph. Rejects with `PlannerUnavailable` where the native library does not load, and for a supergraph that it does not take. */
  async planner(supergraphSdl: string): Promise<Planner> {
    const supergraph = { key: sha256(supergraphSdl), supergraphSdl };
    const overridePercentages = await this.#with(async (process) => loadInto(process, supergraph));
    return {
      overridePercentages,
      plan: (document, operationName, share) => this.#plan(supergraph, { document, operationName, share }),
    };
  }

  /** Ends all processes and begins none any more; what is under way is refused. Resolves when they are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map((process) => process.end()));
  }

  async #plan(supergraph: Supergraph, question: Question): Promise<PlanNode | undefined> {
    const name = sha256(JSON.stringify([supergraph.key, question]));
    for (let attempt = 0; attempt < ATTEMPTS && !this.#isClosed && !this.#deadly.has(name); attempt += 1) {
      const reply = await this.#ask(supergraph, question);
      if (reply === 'crash') {
        if (attempt + 1 === ATTEMPTS) this.#deadly.set(name, true);
        continue;
      }
      if (!('planned' in reply)) break;
      return reply.planned.node === undefined ? undefined : convertPlan(reply.planned.node);
    }
    throw new Refusal('PLAN_FAILED', { reasons: ['planner'] });
  }

  /** What a process says, or that it ended before it said anything. */
  async #ask(supergraph: Supergraph, question: Question): Promise<PlannerReply | 'crash'> {
    try {
      return await this.#with((process) => askIn(process, supergraph, question, this.#options.deadlineMs));
    } catch (error) {
      if (!(error instanceof PlannerProcessEnded)) throw error;
      if (!this.#isClosed) this.#options.onEnded?.(error.reason);
      if (error.reason === 'crash') return 'crash';
      throw new Refusal('PLAN_FAILED', { reasons: ['deadline'], cause: error });
    }
  }

  async #with<T>(work: (process: PlannerProcess) => Promise<T>): Promise<T> {
    const process = await this.#take();
    try {
      return await work(process);
    } finally {
      this.#giveBack(process);
    }
  }

  #take(): PlannerProcess | Promise<PlannerProcess> {
    if (this.#isClosed) throw new PlannerProcessEnded('crash');
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (!idle.hasEnded) return idle;
      this.#all.delete(idle);
    }
    if (this.#all.size < this.#options.processes) return this.#begin();
    return new Promise((resolve) => this.#waiting.push(resolve));
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

/** A process that begins needs time of its own, which is not the plan's. */
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
