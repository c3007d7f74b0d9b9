import type { EntryCaseFound } from '../../monitoring/audit/entries.js';
import type { Clock } from '../../schemas/ports/clock.js';
import type { SubjectRef } from '../../schemas/ports/gate.js';
import type { ConsentClaim } from '../../schemas/vocabulary.js';
import { NexusFacts, type AnsweredFacts, type LinkFact } from './nexus-facts.js';
import { AccessedPeople, type Accessed, type Disclosure } from './people.js';
import { notMade, RegisterRead, RegisterReads, type RegisterUse } from './register-reads.js';

/** The most calls that one request sends. An entry lists the ids of all of them, and an entry has a greatest length. */
export const MAX_CALLS = 400;

/** People that one read of a register is about. */
export interface ReadPeople {
  readonly all: readonly Accessed[];
  /** Returns those of one key of the read. Undefined: a message is about all people of the read. */
  readonly byKey?: ((key: string) => readonly Accessed[]) | undefined;
}

/**
 * Records what one request did: what the case system said of its case, which people the question named, which people a register was asked about or answered
 * about, on which basis, and which calls were sent to registers. It belongs to the request from its arrival on, so that every ending finds the
 * same record.
 *
 * A call is recorded immediately before it is sent. Once the record is ended, nothing can be sent any more: there is no
 * call that an entry does not list.
 */
export class AccessRecord {
  readonly #requestId: string;
  readonly #clock: Pick<Clock, 'now'> | undefined;
  readonly #people = new AccessedPeople();
  readonly #registers = new Map<string, RegisterReads>();
  readonly #hiddenDwellings = new Set<string>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #nexus = new NexusFacts();
  #lastCall = 0;
  #ended = false;
  #intended = false;
  #caseFound: EntryCaseFound = {};

  /** @param clock gives the times of messages; without one they have none. */
  constructor(requestId: string, clock?: Pick<Clock, 'now'>) {
    this.#requestId = requestId;
    this.#clock = clock;
  }

  /** Whether the intent of the request is in the log. */
  get intended(): boolean {
    return this.#intended;
  }

  /** What the case system said of the case of this request; empty until it has answered. */
  get caseFound(): EntryCaseFound {
    return this.#caseFound;
  }

  /** Records what the case system said. */
  recordCase(found: EntryCaseFound): void {
    this.#caseFound = found;
  }

  /** What a case system or an issuer answered about the people that the question names. Undefined if none did. */
  get nexusFacts(): AnsweredFacts | undefined {
    return this.#nexus.answered;
  }

  /** Records the facts that were answered about the people that the question names. */
  recordNexus(facts: AnsweredFacts): void {
    this.#nexus.recordAnswered(facts);
  }

  /** Records that a register's answer led to a person by a link from another. */
  recordLink(register: string, subject: SubjectRef): void {
    this.#nexus.recordLink(register, subject, this.#registers.get(register)?.answeredAt ?? this.#now());
  }

  /** The links on which something was granted that was asked for or read, each with the register that answered it. */
  get linkFacts(): readonly LinkFact[] {
    return this.#nexus.linksTo(this.#people.related);
  }

  /** Records that the intent is in the log, and the people that it names. */
  recordIntent(identifiers: readonly string[]): void {
    this.#intended = true;
    for (const id of identifiers) this.#people.add({ id, role: 'self' });
  }

  /** Records a person that a register's answer names. The answer to the caller may not name them. */
  recordFound(subject: SubjectRef): void {
    this.#people.addFound(subject);
  }

  /** Records a person who is absent: protected, and answered like one that no register has. */
  recordAbsent({ subject }: Pick<Accessed, 'subject'>): void {
    if (subject !== undefined) this.#people.addAbsent(subject);
  }

  /** Records a dwelling that is hidden because it is the home of a protected person. Only the number of such dwellings leaves the record. */
  recordHiddenDwelling(code: string): void {
    this.#hiddenDwellings.add(code);
  }

  /** Records that everything granted of this person, or about no person, was read from a register. */
  recordRead(accessed: Accessed): void {
    this.#people.addRead(accessed);
  }

  /** Records a read that is not begun because every person it would be about is absent. */
  recordSkippedCall(register: string, at: string): void {
    this.#readsOf(register).skip(at);
  }

  /** Begins a read of a register at this monotonic time. People count as asked about when a message about them is sent. */
  beginRead(register: string, startedAt: number, { all, byKey }: ReadPeople): RegisterRead {
    return new RegisterRead(this.#readsOf(register), startedAt, {
      now: () => this.#now(),
      nextId: (of) => this.#nextId(of),
      assertOpen: (of) => this.#assertOpen(of),
      recordAsked: (keys) => {
        const known = byKey === undefined ? undefined : keys?.map(byKey);
        // A key that belongs to no one of the read may be about any of them.
        const isExact = known?.every((people) => people.length > 0) === true;
        for (const accessed of isExact ? known.flat() : all) this.#people.addAsked(accessed);
      },
    });
  }

  /** Lets `settled` wait for this work. It must never reject. */
  follow(work: Promise<unknown>): void {
    this.#underWay.add(work);
    void work.then(() => this.#underWay.delete(work));
  }

  /** Resolves when no read is under way any more, at the latest after these milliseconds. */
  async settled(milliseconds: number): Promise<void> {
    if (this.#underWay.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    await Promise.race([Promise.all(this.#underWay), late]);
    clearTimeout(timer);
  }

  /** Ends the record: nothing can be sent any more. */
  end(): void {
    this.#ended = true;
  }

  /** From here on, what was to be disclosed counts as read only. */
  discloseNothing(): void {
    this.#people.discloseNothing();
  }

  /** How each register was used that was called, failed or was skipped. `now`: for reads that have not ended. */
  registersAt(now: { readonly monotonic: number; readonly iso: string }): readonly RegisterUse[] {
    return [...this.#registers.values()]
      .map((reads) => reads.useAt(now))
      .filter(
        ({ calls, skippedCalls, failure, brokenOff }) =>
          calls > 0 || skippedCalls > 0 || failure !== null || !brokenOff,
      );
  }

  /** Everyone that the question named, that a register was asked about or that the answer names; then those that only a register named. Each once, in order of appearance. */
  get subjects(): readonly SubjectRef[] {
    return this.#people.subjects;
  }

  /** How many of `subjects`, the last ones, only a register named. */
  get hidden(): number {
    return this.#people.hidden;
  }

  /** How many of `subjects` are protected. */
  get absent(): number {
    return this.#people.absent;
  }

  /** How many dwellings are hidden. */
  get hiddenDwellings(): number {
    return this.#hiddenDwellings.size;
  }

  /** Consent revisions that calls or answers relied on, each once. */
  get claims(): readonly ConsentClaim[] {
    return this.#people.claims;
  }

  get disclosures(): readonly Disclosure[] {
    return this.#people.disclosures;
  }

  #now(): number | null {
    return this.#clock?.now().getTime() ?? null;
  }

  #nextId(register: string): string {
    this.#assertOpen(register);
    if (this.#lastCall >= MAX_CALLS) throw notMade(register);
    this.#lastCall += 1;
    return `${this.#requestId}-${this.#lastCall}`;
  }

  #assertOpen(register: string): void {
    if (this.#ended) throw notMade(register);
  }

  #readsOf(register: string): RegisterReads {
    let reads = this.#registers.get(register);
    if (reads === undefined) this.#registers.set(register, (reads = new RegisterReads(register)));
    return reads;
  }
}
