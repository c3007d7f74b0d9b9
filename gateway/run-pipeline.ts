import type { Clock } from '../schemas/ports/clock.js';
import type { Observer } from '../schemas/ports/observer.js';
import { Refusal } from '../schemas/refusal.js';
import { asRefusal } from './errors.js';
import type { Authenticated, Authorized, Executed, Intended, Planned, Reached, Received, Recorded } from './request.js';

/** The stages of one surface, in order. Each throws a `Refusal` to end the way early. */
export interface Surface<W, A, R> {
  authenticate(request: Received): Promise<Authenticated>;
  plan(request: Authenticated): Promise<Planned<W>>;
  authorize(request: Planned<W>): Promise<Authorized<W, A>>;
  intend(request: Authorized<W, A>): Promise<Intended<W, A>>;
  execute(request: Intended<W, A>): Promise<Executed<W, A, R>>;
  /** Puts the answer into the log; afterwards it may be sent. */
  record(request: Executed<W, A, R>): Promise<Recorded>;
  /** Puts a refusal into the log, from wherever the way ended. Never throws: without a log it is `AUDIT_UNAVAILABLE`. */
  refuse(reached: Reached, refusal: Refusal): Promise<Recorded>;
}

/** What a run needs to report how long each stage took, and what failed. */
export interface RunDependencies {
  readonly clock: Clock;
  readonly observer: Observer;
}

/**
 * Runs requests through the stages of one surface. In two halves, because Apollo Server stands between planning
 * and the rest: `prepare` ends before anything is decided, `finish` ends with a recorded answer.
 */
export class PipelineRun<W, A, R> {
  readonly #surface: Surface<W, A, R>;
  readonly #dependencies: RunDependencies;

  constructor(surface: Surface<W, A, R>, dependencies: RunDependencies) {
    this.#surface = surface;
    this.#dependencies = dependencies;
  }

  /** authenticate, plan. Resolves with the planned request, or with the recorded refusal. */
  async prepare(received: Received): Promise<Planned<W> | Recorded> {
    let reached: Reached = received;
    try {
      const authenticated = await this.#timed('authenticate', () => this.#surface.authenticate(received));
      reached = authenticated;
      return await this.#timed('plan', () => this.#surface.plan(authenticated));
    } catch (thrown) {
      return this.refuse(reached, thrown);
    }
  }

  /** authorize, intend, execute, record. */
  async finish(planned: Planned<W>): Promise<Recorded> {
    let reached: Reached = planned;
    try {
      const authorized = await this.#timed('authorize', () => this.#surface.authorize(planned));
      reached = authorized;
      const intended = await this.#timed('intend', () => this.#surface.intend(authorized));
      reached = intended;
      const executed = await this.#timed('execute', () => this.#surface.execute(intended));
      return await this.#timed('record', () => this.#surface.record(executed));
    } catch (thrown) {
      return this.refuse(reached, thrown);
    }
  }

  /** Ends a request with a refusal. */
  async refuse(reached: Reached, thrown: unknown): Promise<Recorded> {
    const refusal = this.#refusalFor(reached, thrown);
    return this.#timed('record', () => this.#surface.refuse(reached, refusal));
  }

  /** Both halves, for surfaces without a host of their own. */
  async run(received: Received): Promise<Recorded> {
    const prepared = await this.prepare(received);
    return isRecorded(prepared) ? prepared : this.finish(prepared);
  }

  /** Returns the refusal for what was thrown. Work that a leaving client breaks off is not a failure. */
  #refusalFor(reached: Reached, thrown: unknown): Refusal {
    const refusal = asRefusal(thrown);
    if (refusal.code !== 'INTERNAL_SERVER_ERROR') return refusal;
    if (reached.signal.aborted) {
      this.#dependencies.observer.log('info', 'client_gone', { requestId: reached.requestId });
      return new Refusal('CLIENT_GONE', { cause: refusal.cause });
    }
    this.#logFailure(reached, refusal);
    return refusal;
  }

  /** The kind of failure and where in our code it arose; never its message, which may quote a value. */
  #logFailure({ requestId }: Reached, { cause }: Refusal): void {
    this.#dependencies.observer.log('error', 'request_failed', {
      requestId,
      failure: cause instanceof Error ? cause.name : typeof cause,
      at: cause instanceof Error ? firstFrame(cause) : undefined,
    });
  }

  async #timed<T>(stage: string, step: () => Promise<T>): Promise<T> {
    const { clock, observer } = this.#dependencies;
    const startedAt = clock.monotonic();
    try {
      return await step();
    } finally {
      observer.duration('tereze_stage_seconds', (clock.monotonic() - startedAt) / 1000, { stage });
    }
  }
}

/** Returns whether a request has ended. */
export function isRecorded(state: Planned<unknown> | Recorded): state is Recorded {
  return 'result' in state;
}

function firstFrame(error: Error): string | undefined {
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return frame?.trim();
}
