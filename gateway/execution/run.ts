import { bareObject } from '../../schemas/objects.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { derivationContext, type AcceptContext, type DerivationContext } from './accept/accept-record.js';
import { HiddenPositions } from './accept/place-failures.js';
import { Annotations } from './data/annotations.js';
import type { Execution } from './port.js';
import type { LinkGate } from './gate/gate-links.js';
import type { GrantedFieldsCompiler } from './gate/granted-fields.js';
import { Subjects } from './gate/subjects.js';
import { AccessRecord } from './access-record.js';
import type { DataObject } from './data/data-object.js';

/** What every execution of an executor shares. */
export interface RunServices {
  readonly clock: Clock;
  readonly observer: Observer;
  /** How long one call to a register may take, milliseconds. */
  readonly registerTimeoutMs: (register: string) => number;
}

/** Told why an execution was cancelled. */
export type OnCancelled = (reason: Error) => void;

/**
 * The cancellation of one execution: one listener on its signal for all of its calls, since a
 * listener costs more than what most calls do with it. To be ended with the execution.
 */
export class Cancellation {
  readonly #signal: AbortSignal | undefined;
  readonly #waiting = new Set<OnCancelled>();
  readonly #onAbort = (): void => {
    const reason = this.#signal?.reason as Error;
    for (const tell of [...this.#waiting]) tell(reason);
  };

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Returns what ends the waiting. The signal must not be aborted yet. */
  whenCancelled(tell: OnCancelled): () => void {
    this.#waiting.add(tell);
    return () => void this.#waiting.delete(tell);
  }

  end(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

/** One execution under way. */
export class Run {
  readonly work: Execution;
  readonly services: RunServices;
  readonly data: DataObject = bareObject();
  readonly annotations = new Annotations();
  readonly subjects = new Subjects();
  readonly accessRecord = new AccessRecord();
  readonly derivation: DerivationContext;
  readonly cancellation: Cancellation;
  #failed = false;

  constructor(work: Execution, services: RunServices) {
    this.work = work;
    this.services = services;
    this.cancellation = new Cancellation(work.signal);
    this.derivation = derivationContext(() => services.clock.factDate(), work);
  }

  /** No further call is made: a part failed, or a basis is missing to an atomic operation. */
  get ended(): boolean {
    return this.#failed || this.withheldWhole;
  }

  /** An atomic operation is missing a basis: nothing governed is released. */
  get withheldWhole(): boolean {
    return this.work.atomic && this.annotations.withheld.length > 0;
  }

  /** Records a skipped call. It is reported like a call that found no one, so that the caller cannot tell that these people are protected. */
  skipCall(register: string): void {
    this.accessRecord.recordSkippedCall(register, this.services.clock.now().toISOString());
  }

  /** Returns what the gate needs to decide on the people to whom one register's records lead. */
  linkGate(register: string, grantedFields: GrantedFieldsCompiler): LinkGate {
    return { gate: this.work.gate, subjects: this.subjects, grantedFields, register };
  }

  /** Returns what the records of one answer are accepted with. */
  acceptContext(answer: Pick<AcceptContext, 'register' | 'grantedFields' | 'links' | 'trimmed'>): AcceptContext {
    const { register, grantedFields, links, trimmed } = answer;
    return {
      register,
      grantedFields,
      links,
      trimmed,
      hiddenPositions: new HiddenPositions(),
      annotations: this.annotations,
      accessRecord: this.accessRecord,
      derivation: this.derivation,
      observer: this.services.observer,
    };
  }

  /** Rejects the execution: what other branches were about to ask is not asked any more. */
  fail(): void {
    this.#failed = true;
  }
}

/** A part of a compiled plan. Rejects only when the whole execution must not be released. */
export type Step = (run: Run) => Promise<void>;
