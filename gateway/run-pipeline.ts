import type { Clock } from '../schemas/ports/clock.js';
import type { Observer } from '../schemas/ports/observer.js';
import { Refusal } from '../schemas/refusal.js';
import { asRefusal } from './errors.js';
import {
  isAdmitted,
  isReached,
  type Admitted,
  type Authenticated,
  type Authorized,
  type Executed,
  type Intended,
  type Planned,
  type Reached,
  type Received,
  type Recorded,
} from './request.js';
import type { Turns } from './turns.js';

/** One stage of one surface: returns the request with what the stage adds. Throws a `Refusal` to end the request. */
export type Stage<In, Out, Needs> = (request: In, needs: Needs) => Promise<Out>;

/**
 * Puts a refusal into the log, however far the request came, and returns its answer. Never throws:
 * without a log the answer is `AUDIT_UNAVAILABLE`.
 */
export type RefuseStage<Needs> = (reached: Reached, refusal: Refusal, needs: Needs) => Promise<Recorded>;

/** The types of one surface: what it is asked to do, what authorize allows, what execute finds, what its stages need. */
export interface SurfaceTypes {
  readonly work: unknown;
  readonly allowed: unknown;
  readonly outcome: unknown;
  readonly needs: object;
}

/** The type of a request of one surface after each stage. */
interface After<T extends SurfaceTypes> {
  readonly receive: Received;
  readonly authenticate: Authenticated;
  readonly admit: Admitted;
  readonly plan: Planned<T['work']>;
  readonly authorize: Authorized<T['work'], T['allowed']>;
  readonly intend: Intended<T['work'], T['allowed']>;
  readonly execute: Executed<T['work'], T['allowed'], T['outcome']>;
  readonly record: Recorded;
}

type StageName = keyof After<SurfaceTypes>;
type Surfaces<T> = { readonly [S in keyof T]: SurfaceTypes };
type Requests<T extends Surfaces<T>, Name extends StageName> = { readonly [S in keyof T]: After<T[S]>[Name] };

/** A row of the table: for each surface, the stage that leads from one type of request to the next. */
type Row<T extends Surfaces<T>, From extends StageName, To extends StageName> = {
  readonly [S in keyof T]: Stage<Requests<T, From>[S], Requests<T, To>[S], T[S]['needs']>;
};

/** Takes one request through some stages. */
type Steps<In, Out> = (request: In, progress: Progress) => Promise<Out>;

/** Returns the column of one surface. */
type Column<T extends Surfaces<T>, From extends StageName, To extends StageName> = <S extends keyof T>(
  surface: S,
  needs: T[S]['needs'],
) => Steps<Requests<T, From>[S], Requests<T, To>[S]>;

/**
 * Rows of the table in the order in which requests pass them. A row that does not take what the row
 * before it returns does not compile.
 */
export class Rows<T extends Surfaces<T>, From extends StageName, To extends StageName> {
  readonly column: Column<T, From, To>;

  private constructor(column: Column<T, From, To>) {
    this.column = column;
  }

  /** Starts without a row: a request leaves as it came. */
  static start<T extends Surfaces<T>, At extends StageName>(): Rows<T, At, At> {
    return new Rows<T, At, At>(() => async (request) => request);
  }

  /** Adds the row of one stage. */
  stage<Next extends StageName>(name: Next, row: Row<T, To, Next>): Rows<T, From, Next> {
    return new Rows<T, From, Next>((surface, needs) => {
      const before = this.column(surface, needs);
      const cell = row[surface];
      return async (request, progress) => {
        const at = await before(request, progress);
        return progress.pass(name, at, () => cell(at, needs));
      };
    });
  }
}

/** The whole table. It has two halves, because a host may stand between them; `prepare` ends before anything is decided. */
export interface Pipeline<T extends Surfaces<T>> {
  readonly prepare: Rows<T, 'receive', 'plan'>;
  readonly finish: Rows<T, 'plan', 'record'>;
  readonly refuse: { readonly [S in keyof T]: RefuseStage<T[S]['needs']> };
}

/** What a run needs to start stages in turn, and to report how long each took and what failed. */
export interface RunDependencies {
  readonly turns: Turns;
  readonly clock: Clock;
  readonly observer: Observer;
}

/** The stages of one surface, in order, each with what it needs. */
interface Surface<W> {
  readonly prepare: Steps<Received, Planned<W>>;
  readonly finish: Steps<Planned<W>, Recorded>;
  readonly refuse: (reached: Reached, refusal: Refusal) => Promise<Recorded>;
}

/** Makes the runner of one surface. `needs` is given to each of its stages. */
export function createPipelineRun<T extends Surfaces<T>, S extends keyof T>(
  pipeline: Pipeline<T>,
  surface: S,
  needs: T[S]['needs'],
  dependencies: RunDependencies,
): PipelineRun<T[S]['work']> {
  const refuse = pipeline.refuse[surface];
  return new PipelineRun(
    {
      prepare: pipeline.prepare.column(surface, needs),
      finish: pipeline.finish.column(surface, needs),
      refuse: (reached, refusal) => refuse(reached, refusal, needs),
    },
    dependencies,
  );
}

/**
 * Runs requests through the stages of one surface. In two halves, because Apollo Server stands
 * between planning and the rest: `prepare` ends before anything is decided, `finish` ends with a
 * recorded answer. Neither rejects for what a stage throws: each resolves with the recorded refusal.
 */
export class PipelineRun<W> {
  readonly #surface: Surface<W>;
  readonly #dependencies: RunDependencies;

  constructor(surface: Surface<W>, dependencies: RunDependencies) {
    this.#surface = surface;
    this.#dependencies = dependencies;
  }

  /** Resolves with the planned request, or with the recorded refusal. */
  prepare(received: Received): Promise<Planned<W> | Recorded> {
    return this.#take(received, this.#surface.prepare);
  }

  /** Resolves with the recorded answer or refusal. */
  finish(planned: Planned<W>): Promise<Recorded> {
    return this.#take(planned, this.#surface.finish);
  }

  /** Both halves, for surfaces without a host of their own. */
  async run(received: Received): Promise<Recorded> {
    const prepared = await this.prepare(received);
    return isRecorded(prepared) ? prepared : this.finish(prepared);
  }

  /** Ends a request with a refusal, and resolves once it is recorded. */
  refuse(reached: Reached, thrown: unknown): Promise<Recorded> {
    return this.#refuse(new Progress(reached, this.#dependencies), thrown);
  }

  async #take<In extends Reached, Out>(request: In, steps: Steps<In, Out>): Promise<Out | Recorded> {
    const progress = new Progress(request, this.#dependencies);
    try {
      return await steps(request, progress);
    } catch (thrown) {
      return this.#refuse(progress, thrown);
    }
  }

  async #refuse(progress: Progress, thrown: unknown): Promise<Recorded> {
    const { reached } = progress;
    const refusal = this.#refusalFor(reached, thrown);
    return progress.pass('record', reached, () => this.#surface.refuse(reached, refusal));
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

  /** Logs the kind of a failure and where in our code it arose. Never its message, which may quote a value. */
  #logFailure({ requestId }: Reached, { cause }: Refusal): void {
    this.#dependencies.observer.log('error', 'request_failed', {
      requestId,
      failure: cause instanceof Error ? cause.name : typeof cause,
      at: cause instanceof Error ? firstFrame(cause) : undefined,
    });
  }
}

/** How far one request came. */
class Progress {
  readonly #dependencies: RunDependencies;
  #reached: Reached;

  constructor(reached: Reached, dependencies: RunDependencies) {
    this.#reached = reached;
    this.#dependencies = dependencies;
  }

  get reached(): Reached {
    return this.#reached;
  }

  /** Runs one stage on a request when its caller's turn comes, and measures how long it takes. */
  async pass<Out>(name: StageName, request: Reached | Recorded, stage: () => Promise<Out>): Promise<Out> {
    if (isReached(request)) this.#reached = request;
    const { turns, clock, observer } = this.#dependencies;
    const turn = isAdmitted(this.#reached) ? turns.next(this.#reached.claimant) : undefined;
    if (turn !== undefined) await turn;
    const startedAt = clock.monotonic();
    try {
      return await stage();
    } finally {
      observer.duration('tereze_stage_seconds', (clock.monotonic() - startedAt) / 1000, { stage: name });
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
