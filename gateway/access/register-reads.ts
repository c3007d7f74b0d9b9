import { RegisterFailure, type CallRecorder, type MessageFacts, type NumberedCall } from '../../adapters/port.js';
import type { ErrorCode } from '../../schemas/errors.js';
import type { FailureReason } from '../../schemas/failures/register-failure.js';

/** How one register was used by a request. */
export interface RegisterUse {
  readonly register: string;
  /** Calls that were sent, each message for itself. A call of which it is known that nothing of it was sent is not among them. */
  readonly calls: number;
  /** The ids that those calls carried to the register. */
  readonly callIds: readonly string[];
  /** When the first of those calls was sent, in milliseconds of the epoch. Null if none was sent. */
  readonly requestOutTs: number | null;
  /** When the last answer to one of them had arrived, an error too, in milliseconds of the epoch. Null if none has. */
  readonly responseInTs: number | null;
  /** Records that the answers had. */
  readonly records: number;
  /** How often the register was to be read, with or without success. */
  readonly reads: number;
  /** Whether the address of a call that was sent held an identifier of a person. */
  readonly identifierInAddress: boolean;
  /** Reads not begun because every person they would be about is protected. They are reported to the caller as reads. */
  readonly skippedCalls: number;
  /** The first failure. */
  readonly failure: ErrorCode | null;
  /** Why that failed. Undefined if it has no reason. */
  readonly reason: FailureReason | undefined;
  readonly durationMs: number;
  /** Categories that came though they were not granted, sorted. */
  readonly beyondGrant: readonly string[];
  /** What its mapping converted, each as `field: transform`. */
  readonly converted: readonly string[];
  /** Real time of the last answer, ISO. */
  readonly retrievedAt: string;
  /** Whether a read was broken off, so that the outcome of a call of it is not known. */
  readonly brokenOff: boolean;
}

/** How one read of a register ended. */
export interface ReadResult {
  readonly failure: ErrorCode | null;
  readonly reason?: FailureReason | undefined;
  readonly durationMs: number;
  /** Categories that came though they were not granted. None if left out. */
  readonly beyondGrant?: readonly string[];
  /** Records that the answer had. None if left out. */
  readonly records?: number;
  readonly converted?: readonly string[] | undefined;
  readonly retrievedAt: string;
}

/** The reads of one register by one request. */
export class RegisterReads {
  readonly register: string;
  readonly #callIds: string[] = [];
  readonly #open = new Set<RegisterRead>();
  #calls = 0;
  #reads = 0;
  #skipped = 0;
  #identifierInAddress = false;
  #failure: ErrorCode | null = null;
  #reason: FailureReason | undefined;
  #durationMs = 0;
  readonly #beyondGrant = new Set<string>();
  #requestOutTs: number | null = null;
  #responseInTs: number | null = null;
  #records = 0;
  readonly #converted = new Set<string>();
  #retrievedAt: string | undefined;

  constructor(register: string) {
    this.register = register;
  }

  begin(read: RegisterRead): void {
    this.#reads += 1;
    this.#open.add(read);
  }

  /** When the last answer had arrived, in milliseconds of the epoch. Null if none has, or if times are not kept. */
  get answeredAt(): number | null {
    return this.#responseInTs;
  }

  skip(at: string): void {
    this.#skipped += 1;
    this.#retrievedAt = at;
  }

  addSent(at: number | null, id: string | undefined, identifierInAddress: boolean): void {
    this.#calls += 1;
    this.#requestOutTs ??= at;
    this.#identifierInAddress ||= identifierInAddress;
    if (id !== undefined) this.#callIds.push(id);
  }

  addAnswered(at: number | null): void {
    this.#responseInTs = at;
  }

  /** The first failure stays, also if a later read succeeds. */
  end(
    read: RegisterRead,
    { failure, reason, durationMs, beyondGrant = [], records = 0, converted = [], retrievedAt }: ReadResult,
  ): void {
    this.#open.delete(read);
    if (this.#failure === null) this.#reason = reason;
    this.#failure ??= failure;
    this.#durationMs += durationMs;
    for (const category of beyondGrant) this.#beyondGrant.add(category);
    this.#records += records;
    for (const conversion of converted) this.#converted.add(conversion);
    this.#retrievedAt = retrievedAt;
  }

  /** Returns how the register was used. `now`: monotonic and real time, for reads that have not ended. */
  useAt(now: { readonly monotonic: number; readonly iso: string }): RegisterUse {
    const open = [...this.#open];
    return {
      register: this.register,
      calls: this.#calls,
      callIds: [...this.#callIds],
      requestOutTs: this.#requestOutTs,
      responseInTs: this.#responseInTs,
      records: this.#records,
      reads: this.#reads,
      identifierInAddress: this.#identifierInAddress,
      skippedCalls: this.#skipped,
      failure: this.#failure,
      reason: this.#reason,
      durationMs: open.reduce((sum, { startedAt }) => sum + (now.monotonic - startedAt), this.#durationMs),
      beyondGrant: [...this.#beyondGrant].sort(),
      converted: [...this.#converted],
      retrievedAt: this.#retrievedAt ?? now.iso,
      brokenOff: open.length > 0,
    };
  }
}

/** What a read needs of the record that it belongs to. */
export interface ReadContext {
  /** Returns real time, in milliseconds of the epoch; null if it is not kept. */
  readonly now: () => number | null;
  /** Returns the id of the next call of the request. Throws `RegisterFailure` if no further call may be made. */
  readonly nextId: (register: string) => string;
  /** Throws `RegisterFailure` if no call may be sent any more. */
  readonly assertOpen: (register: string) => void;
  /** Records the people that a call is about: those of these keys, or all people of the read. */
  readonly recordAsked: (keys: readonly string[] | undefined) => void;
}

/** One read of a register under way. The adapter records each message of it here, before it is sent. */
export class RegisterRead implements CallRecorder {
  /** Monotonic, milliseconds. */
  readonly startedAt: number;
  readonly #reads: RegisterReads;
  readonly #context: ReadContext;

  constructor(reads: RegisterReads, startedAt: number, context: ReadContext) {
    this.#reads = reads;
    this.startedAt = startedAt;
    this.#context = context;
    reads.begin(this);
  }

  next({ carriesId, keys, identifierInAddress = false }: MessageFacts): NumberedCall {
    const { register } = this.#reads;
    const id = this.#context.nextId(register);
    return {
      id,
      recordSent: () => {
        this.#context.assertOpen(register);
        this.#context.recordAsked(keys);
        this.#reads.addSent(this.#context.now(), carriesId ? id : undefined, identifierInAddress);
      },
      recordAnswered: () => this.#reads.addAnswered(this.#context.now()),
    };
  }

  end(result: ReadResult): void {
    this.#reads.end(this, result);
  }
}

/** The failure of a call that is not made, because its request has ended or has made too many calls. */
export function notMade(register: string): RegisterFailure {
  return RegisterFailure.cancelled(register);
}
