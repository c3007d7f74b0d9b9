import { bareObject } from '../../schemas/objects.js';
import type { GovernanceIndex } from '../../schemas/catalogue/governance.js';
import type { AccessRecord } from '../access/access-record.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { Observer } from '../../schemas/ports/observer.js';
import { derivationContext, type AcceptContext, type DerivationContext } from './accept/accept-record.js';
import { HiddenPositions } from './accept/place-failures.js';
import { Annotations } from './data/annotations.js';
import type { Execution } from './port.js';
import type { LinkGate } from './gate/gate-links.js';
import type { GrantedFieldsCompiler } from './gate/granted-fields.js';
import { Subjects } from './gate/subjects.js';
import type { DataObject } from './data/data-object.js';

/** What all executions of an executor share. */
export interface RunServices {
  readonly clock: Clock;
  readonly observer: Observer;
  /** How long one call to a register may take, milliseconds. */
  readonly registerTimeoutMs: (register: string) => number;
  /** Says of which categories the data is that a register sends unasked. */
  readonly governance: Pick<GovernanceIndex, 'category'>;
}

/** Receives the reason for which an execution was cancelled. */
export type OnCancelled = (reason: Error) => void;

/**
 * The cancellation of one execution. It puts one listener on the signal for all calls, because a listener costs
 * more than most calls gain from it. Must be ended with the execution.
 */
export class Cancellation {
  readonly #signal: AbortSignal | undefined;
  readonly #waiting = new Set<OnCancelled>();
  readonly #onAbort = (): void => {
    const reason = this.#signal?.reason as Error;
    for (const notify of [...this.#waiting]) notify(reason);
  };

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Calls `notify` when the execution is cancelled. Returns a function that ends the waiting. The signal must not be aborted yet. */
  whenCancelled(notify: OnCancelled): () => void {
    this.#waiting.add(notify);
    return () => void this.#waiting.delete(notify);
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
  readonly accessRecord: AccessRecord;
  readonly derivation: DerivationContext;
  readonly cancellation: Cancellation;
  #failed = false;

  constructor(work: Execution, services: RunServices) {
    this.work = work;
    this.services = services;
    this.accessRecord = work.accessRecord;
    this.cancellation = new Cancellation(work.signal);
    this.derivation = derivationContext(() => services.clock.factDate(), work);
  }

  /** Whether no further call is made: a part failed, or an atomic operation lacks a basis. */
  get ended(): boolean {
    return this.#failed || this.withheldWhole;
  }

  /** Whether an atomic operation lacks a basis, so that nothing governed is released. */
  get withheldWhole(): boolean {
    return this.work.atomic && this.annotations.withheld.length > 0;
  }

  /** Records a skipped call. It is reported like a call that found no one, so that the caller cannot see that these people are protected. */
  skipCall(register: string): void {
    this.accessRecord.recordSkippedCall(register, this.services.clock.now().toISOString());
  }

  /** Returns what the gate needs to decide on the people that one register's records lead to. */
  linkGate(register: string, grantedFields: GrantedFieldsCompiler): LinkGate {
    const { gate, accessRecord } = this.work;
    return { gate, subjects: this.subjects, grantedFields, register, accessRecord };
  }

  /** Returns what the records of one answer are accepted with. */
  acceptContext(
    answer: Pick<AcceptContext, 'register' | 'grantedFields' | 'links' | 'trimmed' | 'sent'>,
  ): AcceptContext {
    const { register, grantedFields, links, trimmed, sent } = answer;
    return {
      register,
      grantedFields,
      links,
      trimmed,
      sent,
      hiddenPositions: new HiddenPositions(),
      annotations: this.annotations,
      accessRecord: this.accessRecord,
      countTold: (subject) => this.work.gate.countTold(subject),
      derivation: this.derivation,
      observer: this.services.observer,
    };
  }

  /** Ends the execution: other branches make no further calls. */
  fail(): void {
    this.#failed = true;
  }
}

/** A part of a compiled plan. Rejects only when the whole execution must not be released. */
export type Step = (run: Run) => Promise<void>;
